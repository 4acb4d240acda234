import { connect } from 'node:net';
import { inertText } from './inert-text.ts';

/** `silent`: nobody answered in time; `closed`: the port is, or the network says that there is no way; `other`: something answers that does not say SSH. */
export type BannerAnswer = { readonly kind: 'ssh'; readonly banner: string } | { readonly kind: 'silent' | 'closed' | 'other' };
export type BannerQuestion = { readonly address: string; readonly port: number; readonly timeoutMs: number; readonly signal: AbortSignal };

/** An identification is at most 255 bytes, and other lines may come before it (RFC 4253, section 4.2). */
const MAX_BYTES = 8192;

/**
 * Connects, reads until the other side has said who it is, and hangs up: nothing is sent. `timeoutMs` is for connecting, and once more for the answer. Never rejects; an abort is `silent`.
 */
export function readBanner({ address, port, timeoutMs, signal }: BannerQuestion): Promise<BannerAnswer> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port });
    let [text, isConnected] = ['', false];
    const end = (answer: BannerAnswer) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      resolve(answer);
    };
    const onAbort = () => end({ kind: 'silent' });
    let timer = setTimeout(onAbort, timeoutMs);
    // Stays for the life of the socket: an error without a listener would end the process.
    socket.on('error', (error) => end({ kind: isConnected || !('code' in error) || error.code === 'ETIMEDOUT' ? (isConnected ? 'other' : 'silent') : 'closed' }));
    socket.once('connect', () => {
      isConnected = true;
      clearTimeout(timer);
      timer = setTimeout(() => end({ kind: 'other' }), timeoutMs);
    });
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1').slice(0, MAX_BYTES);
      const banner = /(?:^|\n)(SSH-[^\r\n]*)\r?\n/.exec(text)?.[1];
      if (banner !== undefined) end({ kind: 'ssh', banner: inertText(banner).slice(0, 255) });
      else if (text.length >= MAX_BYTES) end({ kind: 'other' });
    });
    socket.once('end', () => end({ kind: 'other' }));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}
