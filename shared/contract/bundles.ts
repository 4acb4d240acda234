import { z } from 'zod';
import { HostId, PolicyVersionId, PushId } from '../model/ids.ts';
import { HostName } from '../model/names.ts';
import { ZoneMode } from '../model/policy.ts';

/** Names a stick by the key that was made for it: `k_` and the beginning of the key's sha256. */
export const KitId = z.string().regex(/^k_[0-9a-f]{12}$/, 'expected a kit like k_0123456789ab; see: firebreak bundle kits');

/** A folder on the machine of the console as somebody typed it: `~/` is their own, and a bare name lies beside the open workspace. */
export const StickFolder = z.string().min(1).max(4096);

/** `files`: what was written below `folder`, the private key of the stick among it, which is nowhere else. */
export const KitMade = z.strictObject({ id: KitId, folder: z.string(), files: z.array(z.string()) });
export type KitMade = z.infer<typeof KitMade>;

/** A stick that bundles can come back on. Its private key is on the stick alone. */
export const KitView = z.strictObject({ id: KitId, madeAtMs: z.number().int(), madeBy: z.string(), bundles: z.number().int() });
export type KitView = z.infer<typeof KitView>;

/** Paths of bundles, and of folders of them, on the machine of the console: absolute, or beginning with `~/`. `dryRun`: only say what would become of each, as if it came alone; nothing is stored. */
export const BundlePaths = z.strictObject({ paths: z.array(z.string().min(1).max(4096)).min(1).max(1000), dryRun: z.boolean().default(false) });

/** `kit` null: nobody signed it. */
const seal = { kit: KitId.nullable() };

/** What became of one file, or would. Refused and known ones changed nothing; the reason is a sentence without a full stop. */
export const BundleOutcome = z.discriminatedUnion('outcome', [
  z.strictObject({
    outcome: z.literal('imported'),
    file: z.string(),
    id: z.number().int(),
    host: HostName,
    isNewHost: z.boolean(),
    ...seal,
    collectedAtMs: z.number().int(),
    flows: z.number().int(),
    listening: z.number().int(),
    absences: z.array(z.string()),
    notes: z.array(z.string()),
  }),
  z.strictObject({ outcome: z.literal('known'), file: z.string(), reason: z.string() }),
  z.strictObject({ outcome: z.literal('refused'), file: z.string(), reason: z.string() }),
]);
export type BundleOutcome = z.infer<typeof BundleOutcome>;
export const BundlesImported = z.strictObject({ bundles: z.array(BundleOutcome) });
export type BundlesImported = z.infer<typeof BundlesImported>;

/** A collection that was imported. `usesFacts`: what is known of the host now comes from it. */
export const CollectionView = z.strictObject({
  id: z.number().int(),
  host: HostName,
  name: z.string(),
  ...seal,
  collectedAtMs: z.number().int(),
  importedAtMs: z.number().int(),
  importedBy: z.string(),
  flows: z.number().int(),
  usesFacts: z.boolean(),
  absences: z.array(z.string()),
  /** Names of the rule listings in it, such as ruleset.nft. */
  rules: z.array(z.string()),
});
export type CollectionView = z.infer<typeof CollectionView>;

/** `isStick` false: there is no firebreak-apply beside what was written. */
export const PolicyCarried = z.strictObject({
  version: PolicyVersionId,
  folder: z.string(),
  files: z.array(z.string()),
  isStick: z.boolean(),
  hosts: z.array(
    z.strictObject({
      host: HostName,
      push: PushId,
      mode: ZoneMode,
      zone: z.string().nullable(),
      bundle: z.string(),
      seq: z.number().int(),
      warnings: z.array(z.string()),
    }),
  ),
});
export type PolicyCarried = z.infer<typeof PolicyCarried>;

/** What an export would sign now. `broken`: policy tests that do not hold, so that nothing is exported. `isCarried`: the newest order of the host has the same rules. */
export const ExportPreview = z.strictObject({
  broken: z.array(z.string()),
  hosts: z.array(
    z.discriminatedUnion('ok', [
      z.strictObject({ host: HostName, ok: z.literal(true), mode: ZoneMode, zone: z.string().nullable(), bundle: z.string(), isCarried: z.boolean(), warnings: z.array(z.string()) }),
      z.strictObject({ host: HostName, ok: z.literal(false), reason: z.string() }),
    ]),
  ),
});
export type ExportPreview = z.infer<typeof ExportPreview>;

/** Confirmed: it runs what was carried. Applied: it waits for the word confirm. Rolled back: it runs what it ran before. */
export const ReceiptStep = z.enum(['confirmed', 'rolled-back', 'applied', 'unknown']);

/** What a receipt says that its host did; `told` is a sentence without a full stop. */
export const ReceiptOutcome = z.discriminatedUnion('outcome', [
  z.strictObject({
    outcome: z.literal('taken'),
    file: z.string(),
    host: HostName,
    hostId: HostId,
    push: PushId,
    step: ReceiptStep,
    told: z.string(),
    saidAtMs: z.number().int(),
    kit: KitId,
    /** What to know about it, such as a clock that is behind; sentences without a full stop. */
    notes: z.array(z.string()),
  }),
  z.strictObject({ outcome: z.literal('refused'), file: z.string(), reason: z.string() }),
]);
export type ReceiptOutcome = z.infer<typeof ReceiptOutcome>;

/**
 * A host that bundles tell of, and how far the stick has come with it. `bundles`: newest import first. `machine` null: no bundle of it is here any more; `sameName`: other hosts that call themselves the same.
 * `order`: the newest that was exported; `isCurrent`: the draft would make the same rules. `receipt`: what is known of that order. `runs`: what it confirmed last.
 */
export const SiteView = z.strictObject({
  host: HostName,
  isOverSsh: z.boolean(),
  collected: z.enum(['signed', 'unsigned']).nullable(),
  machine: z.strictObject({ hasId: z.boolean(), sameName: z.array(z.string()) }).nullable(),
  bundles: z.array(CollectionView),
  kit: z.strictObject({ id: KitId, madeAtMs: z.number().int().nullable(), madeBy: z.string().nullable() }).nullable(),
  order: z
    .strictObject({ push: PushId, version: PolicyVersionId, madeAtMs: z.number().int(), madeBy: z.string(), note: z.string(), zone: z.string().nullable(), mode: ZoneMode.nullable(), isCurrent: z.boolean() })
    .nullable(),
  receipt: z.strictObject({ step: ReceiptStep, told: z.string(), atMs: z.number().int() }).nullable(),
  runs: z.strictObject({ version: PolicyVersionId.nullable(), mode: ZoneMode }).nullable(),
});
export type SiteView = z.infer<typeof SiteView>;
