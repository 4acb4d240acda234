import type { ForwardDestination, ForwardTarget } from '../../shared/model/forward.ts';
import { appendInTime } from './append-in-time.ts';
import { postWebhook } from './post-webhook.ts';
import { readCaFile, readKeyFile } from './read-secret-file.ts';
import { sendDatagrams } from './send-datagrams.ts';
import { sendStream } from './send-stream.ts';
import { type SendLimits, withinTime } from './within-time.ts';

const TIMEOUT_MS = 20_000;
const BYTES_A_MEGABYTE = 1_048_576;

/** How many events go out at once. */
export const BATCH: Record<ForwardTarget['kind'], number> = { 'syslog-udp': 200, 'syslog-tcp': 500, 'syslog-tls': 500, file: 1000, webhook: 100 };

/** Whether taken is not the same as kept: what a receiver had read and not kept when it was killed is lost to it, unless it is sent again. */
export const mayLoseLast = ({ kind }: ForwardTarget): boolean => kind === 'syslog-tcp' || kind === 'syslog-tls';

/** Sends the messages in their order; resolves when the destination has taken all of them, in the sense of its kind. Throws otherwise, within a minute whatever hangs, and then it may have got some. */
export async function sendBatch({ target }: Pick<ForwardDestination, 'target'>, texts: readonly string[], { signal, nowMs }: { signal: AbortSignal; nowMs: number }): Promise<void> {
  const limits = { timeoutMs: TIMEOUT_MS, signal };
  switch (target.kind) {
    case 'syslog-udp':
      return sendDatagrams(target, texts, limits);
    case 'syslog-tcp':
      return sendStream(target, null, texts, limits);
    case 'syslog-tls':
      return sendStream(target, { ca: await caOf(target.caPath, limits) }, texts, limits);
    case 'file':
      return appendInTime({ path: target.path, rotateBytes: target.rotateMegabytes * BYTES_A_MEGABYTE, keepFiles: target.keepFiles }, texts, limits);
    case 'webhook': {
      const { keyPath } = target;
      const key = await withinTime(limits, `${keyPath} could not be read`, () => readKeyFile(keyPath));
      return postWebhook({ url: target.url, key, tls: { ca: await caOf(target.caPath, limits) } }, texts, { ...limits, nowMs });
    }
  }
}

const caOf = (path: string | null, limits: SendLimits): Promise<string | null> => (path === null ? Promise.resolve(null) : withinTime(limits, `${path} could not be read`, () => readCaFile(path)));
