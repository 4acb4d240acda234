import { z } from 'zod';

/** Epoch ms; null: the last 30 days, and up to now. Cut to whole hours UTC that have ended. */
export const EvidenceOrder = z.strictObject({ fromMs: z.number().int().nullable(), untilMs: z.number().int().nullable() });

const TextFile = z.strictObject({ name: z.string(), text: z.string() });

/** `html` is the report as one document, to be printed; `pack` names what was prepared to `reports.sealPack`. */
export const PreparedPack = z.strictObject({ pack: z.string(), fromMs: z.number().int(), untilMs: z.number().int(), html: z.string(), files: z.array(TextFile) });

export const SealOrder = z.strictObject({ pack: z.string(), pdfSha256: z.string().regex(/^[0-9a-f]{64}$/) });
/** The files that make it a pack: manifest, signature, keys, how to verify. `fingerprint` is that of the workspace's key. */
export const SealedPack = z.strictObject({ files: z.array(TextFile), fingerprint: z.string() });

/** What became of verifying a pack. `where` is a file of it, or `figure NAME`. `signer` null: it has no key that can be read. */
export type PackVerdict = {
  readonly ok: boolean;
  readonly problems: readonly { readonly where: string; readonly message: string }[];
  readonly signer: string | null;
  /** Whether the key was given from outside of the pack. */
  readonly isKeyTrusted: boolean;
  /** Of the generated sample, whose hosts and flows are made up. */
  readonly isSample: boolean;
  readonly madeAt: string | null;
  readonly madeBy: string | null;
  readonly period: { readonly from: string; readonly until: string } | null;
  readonly files: number;
  readonly figures: number;
};
