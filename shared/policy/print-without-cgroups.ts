import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { FirebreakError } from '../errors.ts';
import type { Bundle } from './print.ts';

/** What `printBundle` makes is one statement a line; these are the lines that say `cgroup`, and the verdict whose short form is younger than nft 0.9.8. */
const FINE_INBOUND = /^\tset (miss_)?in[46] \{|\bupdate @(miss_)?in[46] \{/;
const FINE_OUTBOUND = /(\tset |\bupdate @)((?:miss_)?out[46])( \{.*) \. socket cgroupv2 level 2/;
const RULE_OF_UNIT = /socket cgroupv2 .* comment "(r_[0-9a-z]+)"/;

/**
 * The same rules for a host whose nft (before 1.0.2, Debian 11) or kernel cannot match control groups. Inbound connections are then recorded
 * in the coarse sets only, outbound ones in `out4u` and `out6u`, by user: other names, because a set cannot change its key when nft is upgraded.
 * @throws INPUT_INVALID when a rule names a systemd unit: left out, an allow rule would be missed and a deny rule would deny nothing.
 */
export function withoutCgroups(bundle: Bundle, hostName: string): Bundle {
  const bodyAt = bundle.text.indexOf('\n', bundle.text.indexOf('\n# hash ') + 1) + 1;
  const lines = bundle.text.slice(bodyAt).split('\n').filter((line) => !FINE_INBOUND.test(line)).map(rewriteLine);
  refuseUnits(lines, hostName);
  const body = lines.join('\n');
  const hash = bytesToHex(sha256(utf8ToBytes(body)));
  return { text: bundle.text.slice(0, bodyAt).replace(bundle.hash, hash) + body, hash };
}

const rewriteLine = (line: string): string => line.replace(FINE_OUTBOUND, '$1$2u$3').replace('reject with icmpx admin-prohibited', 'reject with icmpx type admin-prohibited');

function refuseUnits(lines: readonly string[], hostName: string): void {
  const rules = [...new Set(lines.flatMap((line) => RULE_OF_UNIT.exec(line)?.[1] ?? []))];
  if (rules.length > 0) {
    const message = `${hostName} cannot match systemd units, which ${rules.join(', ')} ${rules.length === 1 ? 'names' : 'name'}: its nft is older than 1.0.2, or its kernel than 5.13. Name another host or no unit`;
    throw new FirebreakError('INPUT_INVALID', { issues: [{ path: '', message }] });
  }
  const left = lines.find((line) => line.includes('cgroup'));
  if (left !== undefined) throw new Error(`a line of the layout that is unknown here matches control groups: ${left.trim()}`);
}
