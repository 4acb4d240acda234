import { z } from 'zod';
import { FlowVerdict } from '../model/flow.ts';
import { DirectionBasis, FlowSource, ImportFigures, ImportFormat } from '../model/flow-source.ts';

/** `path` is absolute or begins with `~/`, on the machine of the console. `format` null: told from the beginning of the file. `dryRun` reads everything and stores nothing. */
export const FlowImportInput = z.strictObject({ path: z.string().min(1).max(4096), format: ImportFormat.nullable(), dryRun: z.boolean() });
export type FlowImportInput = z.infer<typeof FlowImportInput>;

/** A conversation of a log, named as of now; `fromHost` and `toHost` tell whether the end is a host of the workspace. */
export const ImportedConversation = z.strictObject({
  from: z.string(),
  fromHost: z.boolean(),
  to: z.string(),
  toHost: z.boolean(),
  protocol: z.string(),
  port: z.number().int(),
  verdict: FlowVerdict,
  basis: DirectionBasis,
  connections: z.number().int(),
});
export type ImportedConversation = z.infer<typeof ImportedConversation>;

export const FlowImportResult = z.strictObject({
  name: z.string(),
  /** Null: nothing was stored, because it was a dry run or no row made a flow. */
  source: FlowSource.nullable(),
  /** The source that has this very file already; only a dry run tells it, an import is refused. */
  known: FlowSource.nullable(),
  figures: ImportFigures,
  /** Flows by which of their ends are hosts of the workspace. */
  ends: z.strictObject({ both: z.number().int(), one: z.number().int(), none: z.number().int() }),
  /** The 20 with the most connections. */
  top: z.array(ImportedConversation),
});
export type FlowImportResult = z.infer<typeof FlowImportResult>;
