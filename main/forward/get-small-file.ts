import { request } from 'node:https';
import type { TlsTrust } from './send-stream.ts';
import type { SendLimits } from './within-time.ts';

/**
 * A small text from an HTTPS server that a person named. Says nothing of who asks but `firebreak`; follows no redirect, since it would lead elsewhere than was typed; takes an answer of 200 only, and at
 * most `maxBytes` of it.
 */
export function getSmallFile({ url, tls }: { readonly url: string; readonly tls: TlsTrust }, { timeoutMs, signal, maxBytes }: SendLimits & { readonly maxBytes: number }): Promise<string> {
  return new Promise((resolve, reject) => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const fail = (error: Error) => reject(limit.aborted && !signal.aborted ? new Error(`no answer within ${timeoutMs / 1000} s`) : error);
    const options = { method: 'GET', headers: { 'user-agent': 'firebreak', 'accept-encoding': 'identity' }, agent: false, rejectUnauthorized: true, minVersion: 'TLSv1.2', signal: limit, ...(tls.ca === null ? {} : { ca: tls.ca }) } as const;
    const asked = request(url, options, (response) => {
      const status = response.statusCode ?? 0;
      if (status !== 200) {
        response.destroy();
        return reject(new Error(`the server answered ${status}${status >= 300 && status < 400 ? ', a redirect, which is not followed' : ''}`));
      }
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        chunks.push(chunk);
        if (bytes <= maxBytes) return;
        reject(new Error(`the answer has more than ${maxBytes / 1024} KiB`));
        response.destroy();
      });
      response.once('error', fail);
      response.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    });
    asked.once('error', fail);
    asked.end();
  });
}
