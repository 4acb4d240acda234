import { z } from 'zod';
import type { Evidence } from '../evidence/evidence-tables.ts';
import { computeFigures, type MadeFigure } from '../evidence/figures.ts';
import { TABLE_FILES } from '../evidence/csv-tables.ts';
import { listLimits } from '../evidence/list-limits.ts';

export const MANIFEST_FORMAT = 'firebreak-evidence/4';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const instant = z.string().refine((text) => !Number.isNaN(Date.parse(text)) && new Date(text).toISOString() === text, 'no time such as 2026-11-21T12:00:00.000Z');

/** What a pack says of itself; the file holds it with two spaces of indentation and a newline at its end, and its bytes are what is signed. */
export const Manifest = z.strictObject({
  format: z.literal(MANIFEST_FORMAT),
  madeAt: instant,
  madeBy: z.string(),
  console: z.string(),
  workspace: z.string(),
  /** Of the generated sample, whose hosts and flows are made up: it is no evidence. */
  isSample: z.boolean(),
  /** Whole hours UTC; `until` is past it. */
  period: z.strictObject({ from: instant, until: instant }),
  /** The newest pushed version, whose zones and rules these are; null: none was pushed. */
  policy: z.strictObject({ version: z.number().int(), hash: z.string(), author: z.string(), at: instant }).nullable(),
  draftDiffers: z.boolean(),
  /** Version → hosts that have it. */
  agentVersions: z.record(z.string(), z.number().int()),
  losses: z.record(z.string(), z.number()),
  limits: z.array(z.string()),
  figures: z.array(z.strictObject({ id: z.string(), title: z.string(), unit: z.string(), value: z.number(), function: z.string() })),
  /** Every other file but the signature and the key. */
  files: z.record(z.string(), sha256),
});
export type Manifest = z.infer<typeof Manifest>;

export const REPORT_FILE = 'report.pdf';
export const MANIFEST_FILE = 'manifest.json';
export const SIGNATURE_FILE = 'manifest.json.sig';
export const KEY_FILE = 'signer.pub';
export const SIGNERS_FILE = 'allowed_signers';
export const HOW_TO_FILE = 'VERIFY.txt';
/** Files whose hashes the manifest has, and all files of a pack. */
export const HASHED_FILES: readonly string[] = [REPORT_FILE, ...TABLE_FILES, HOW_TO_FILE];
export const PACK_FILES: readonly string[] = [...HASHED_FILES, MANIFEST_FILE, SIGNATURE_FILE, KEY_FILE, SIGNERS_FILE];

/** Those parts of a manifest that the tables alone give. */
export type Computed = Pick<Manifest, 'agentVersions' | 'losses' | 'limits'> & { readonly figures: MadeFigure[] };
const LOSSES: readonly string[] = ['packetsLost', 'gapSeconds', 'hoursRecorded', 'hoursExpected', 'hostsWithClockOff'];

export function computeManifest(evidence: Evidence): Computed {
  const figures = computeFigures(evidence);
  const versions = evidence.sources.hosts.map(({ agent_version: version }) => version).filter((version) => version !== '');
  return {
    agentVersions: Object.fromEntries([...Map.groupBy(versions.toSorted(), (version) => version)].map(([version, hosts]) => [version, hosts.length])),
    losses: Object.fromEntries(figures.filter(({ id }) => LOSSES.includes(id)).map(({ id, value }) => [id, value])),
    limits: listLimits(evidence),
    figures,
  };
}

export const printManifest = (manifest: Manifest): string => `${JSON.stringify(manifest, null, 2)}\n`;
