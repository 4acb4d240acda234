import { z } from 'zod';
import { KitId } from '../../../shared/contract/bundles.ts';

export const MANIFEST_FILE = 'manifest.json';
/** What a bundle may be signed with: `ssh-keygen -Y sign`, or the 64 bytes of openssl. */
export const SEAL_FILES = { ssh: 'manifest.json.sig', openssl: 'manifest.json.ed25519' } as const;
/** Rules as their own programs print them. */
export const RULE_FILES: readonly string[] = ['ruleset.nft', 'iptables.txt', 'ip6tables.txt'];

const MIB = 1_048_576;
/** Every file that a bundle can have, and the most that each may hold. */
export const FILE_LIMITS: ReadonlyMap<string, number> = new Map([
  [MANIFEST_FILE, MIB / 4],
  [SEAL_FILES.ssh, 4096],
  [SEAL_FILES.openssl, 64],
  ['facts.json', 8 * MIB],
  ['sessions.json', 16 * MIB],
  ['conntrack.txt', 16 * MIB],
  ...RULE_FILES.map((name): [string, number] => [name, 8 * MIB]),
  ['status.json', MIB],
  ['order.json', 4096],
]);

const text = (max: number) => z.string().max(max);

/** What the collector writes of a bundle (agent/collect/lib/pack-bundle.sh); its bytes are what is signed. */
export const BundleManifest = z.strictObject({
  format: z.literal('firebreak-collection/1'),
  kind: z.enum(['collection', 'receipt']),
  /** Drawn for each bundle: the same bundle is known again though its packing was changed. */
  id: z.string().regex(/^[0-9a-f]{32}$/),
  collector: text(32),
  /** Of the host, epoch seconds. */
  clock: z.number().int().min(0).max(4_102_444_800),
  hostname: text(255),
  machineId: text(64),
  root: z.boolean(),
  kit: KitId.nullable(),
  seal: z.enum(['ssh', 'openssl', 'none']),
  absences: z.array(z.strictObject({ kind: text(32), name: text(200) })).max(64),
  files: z.record(text(32), z.string().regex(/^[0-9a-f]{64}$/)),
});
export type BundleManifest = z.infer<typeof BundleManifest>;

/** As `plain_word` on the host: every byte that is no letter, digit or one of . _ - is an underscore. */
export const toPlainWord = (name: string): string =>
  [...Buffer.from(name, 'utf8')].map((byte) => String.fromCharCode(byte).replace(/[^A-Za-z0-9._-]/, '_')).join('');
/** By what a machine is known again. Clones share the machine id, and hosts of one name exist, so both are needed. */
export const machineOf = ({ machineId, hostname }: { machineId: string; hostname: string }): string => `${toPlainWord(machineId)} ${toPlainWord(hostname)}`;
