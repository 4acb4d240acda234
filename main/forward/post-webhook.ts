import { createHmac } from 'node:crypto';
import { request } from 'node:https';
import { RefusedContent } from './refused-content.ts';
import type { TlsTrust } from './send-stream.ts';
import type { SendLimits } from './within-time.ts';

export type Webhook = { readonly url: string; readonly key: string; readonly tls: TlsTrust };

/** What the receiver computes again: HMAC-SHA256 with the key over the time, a dot and the body, so that neither a changed nor an old delivery passes. */
export const signBody = (key: string, timestamp: string, body: string): string => createHmac('sha256', key).update(`${timestamp}.${body}`).digest('hex');

/** Answers that tell of the body and not of the way: bad request, too large, unprocessable (RFC 9110, 15.5). */
const REFUSES_CONTENT = [400, 413, 422];

/**
 * Posts the events as one JSON array, signed: `Firebreak-Timestamp` (Unix seconds) and `Firebreak-Signature: v1=HEX`. Only an answer of 2xx counts as taken; a redirect
 * is not followed, since it would lead elsewhere than the admin typed. The body of the answer is not read.
 * @throws RefusedContent for an answer that tells of the events
 */
export function postWebhook({ url, key, tls }: Webhook, events: readonly string[], { timeoutMs, signal, nowMs }: SendLimits & { nowMs: number }): Promise<void> {
  const body = `[${events.join(',')}]`;
  const timestamp = String(Math.floor(nowMs / 1000));
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'user-agent': 'firebreak',
    'firebreak-timestamp': timestamp,
    'firebreak-signature': `v1=${signBody(key, timestamp, body)}`,
  };
  return new Promise((resolve, reject) => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const posted = request(url, { method: 'POST', headers, agent: false, rejectUnauthorized: true, minVersion: 'TLSv1.2', signal: limit, ...(tls.ca === null ? {} : { ca: tls.ca }) }, (response) => {
      const status = response.statusCode ?? 0;
      response.destroy();
      if (status >= 200 && status < 300) resolve();
      else if (REFUSES_CONTENT.includes(status)) reject(new RefusedContent(`the receiver answered ${status}`));
      else reject(new Error(status >= 300 && status < 400 ? `the receiver answered ${status}, a redirect, which is not followed` : `the receiver answered ${status}`));
    });
    posted.once('error', (error) => reject(limit.aborted && !signal.aborted ? new Error(`no answer within ${timeoutMs / 1000} s`) : error));
    posted.end(body);
  });
}
