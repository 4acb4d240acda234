import { createHash } from 'node:crypto';

/** The header of a bundle (agent/README.md) and its whole text. */
export type FakeBundle = { text: string; hostId: string; policy: number; mode: string; zone: string; hash: string };

/** Reads a bundle, or says what the agent's checks would refuse. nft itself is not asked: nothing here enforces. */
export function readBundle(text: string): FakeBundle | { refused: string } {
  const header = new Map<string, string>();
  let bodyAt = 0;
  for (const [whole, key, value] of text.matchAll(/^# (\w+) ?(.*)\n/gm)) {
    header.set(key ?? '', value ?? '');
    if (key !== 'hash') continue;
    bodyAt = text.indexOf(whole) + whole.length;
    break;
  }
  const hash = header.get('hash');
  if (header.get('firebreak') !== 'bundle 1' || hash === undefined) return { refused: 'not a bundle' };
  // Signatures are not checked here: a simulated host takes anybody's bundles.
  const signatureAt = text.indexOf('\n# -----BEGIN SSH SIGNATURE-----\n');
  const body = text.slice(bodyAt, signatureAt < 0 ? undefined : signatureAt + 1);
  const found = createHash('sha256').update(body).digest('hex');
  if (found !== hash) return { refused: `hash is ${found}, not ${hash}` };
  if (!body.includes('table inet firebreak')) return { refused: 'it has no table inet firebreak' };
  return { text, hostId: header.get('host') ?? '', policy: Number(header.get('policy') ?? 0), mode: header.get('mode') ?? '', zone: header.get('zone') ?? '', hash };
}
