import type { KeyObject } from 'node:crypto';
import { signSsh } from './ssh-signature.ts';

/**
 * A bundle as hosts take it (agent/README.md, “Signatures”): its number in the header, which its hash does not cover, and behind the text
 * the signature over all of it, as comment lines. The workspace stores bundles without both: they are made for each sending. Pure.
 */
export function sealBundle(key: KeyObject, bundleText: string, seq: number): string {
  const numbered = bundleText.replace(/^# host .*\n/m, (line) => `${line}# seq ${seq}\n`);
  const signature = signSsh(key, 'firebreak-bundle', numbered).trimEnd();
  return `${numbered}${signature.replaceAll(/^/gm, '# ')}\n`;
}

/**
 * The next number for a host that has confirmed `confirmedSeq`. At least the clock in seconds, so that a host that forgot its number
 * (uninstalled and installed again) takes nothing that was signed before.
 */
export function nextBundleSeq(confirmedSeq: number, nowMs: number): number {
  return Math.max(confirmedSeq + 1, Math.floor(nowMs / 1000));
}
