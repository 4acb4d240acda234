import { z } from 'zod';

/** Logs that flows can be imported from. */
export const ImportFormat = z.enum(['zeek', 'suricata', 'vpc', 'azure', 'nfdump', 'conntrack', 'ss']);
export type ImportFormat = z.infer<typeof ImportFormat>;

/** What a source can be: a log, or the bundle that a collector wrote on a host that no cable reaches. */
export const SourceFormat = z.enum([...ImportFormat.options, 'collection']);
export type SourceFormat = z.infer<typeof SourceFormat>;

export const IMPORT_FORMAT_WORDS: Record<SourceFormat, string> = {
  zeek: 'Zeek conn.log (TSV or JSON)',
  suricata: 'Suricata eve.json',
  vpc: 'AWS VPC flow log',
  azure: 'Azure NSG or VNet flow log',
  nfdump: 'nfdump CSV (NetFlow, IPFIX)',
  conntrack: 'conntrack -L',
  ss: 'ss -tun',
  collection: 'carried bundle',
};

/**
 * How it is known who opened a conversation, surest first. opening: the log shows the opening packet · listener: the port listens on a known host, or in the same listing ·
 * sensor: the log says who sent first · known-port: one end has the port of a known service · lower-port: one end has a port below the ephemeral ones · unknown: the order of the log.
 */
export const DirectionBasis = z.enum(['opening', 'listener', 'sensor', 'known-port', 'lower-port', 'unknown']);
export type DirectionBasis = z.infer<typeof DirectionBasis>;

/** Why the direction of a conversation is taken to be known, as people read it. */
export const DIRECTION_BASIS_WORDS: Record<DirectionBasis, string> = {
  opening: 'the log shows the opening',
  listener: 'something is known to listen on the port',
  sensor: 'the log says who sent first',
  'known-port': 'one end has the port of a known service',
  'lower-port': 'one end has a port below the ephemeral ones',
  unknown: 'nothing tells; in the order of the log',
};

export const DirectionConfidence = z.enum(['exact', 'inferred', 'unknown']);
export type DirectionConfidence = z.infer<typeof DirectionConfidence>;

export const confidenceOf = (basis: DirectionBasis): DirectionConfidence => (basis === 'opening' || basis === 'listener' ? 'exact' : basis === 'unknown' ? 'unknown' : 'inferred');

/** Rows of a log that made no flow, by reason. `refused`: could not be read · `skipped`: understood, and no flow. `examples` are the first ones, text cut and shown inert. */
export const LeftOut = z.strictObject({
  kind: z.enum(['refused', 'skipped']),
  reason: z.string(),
  rows: z.number().int().positive(),
  examples: z.array(z.strictObject({ line: z.number().int().positive(), text: z.string() })),
});
export type LeftOut = z.infer<typeof LeftOut>;

/** What a log came to. `read` is `taken` and all that was left out; `flows` are distinct conversations, and how many of them were told apart how. Times are epoch ms, null where there is no flow. */
export const ImportFigures = z.strictObject({
  format: SourceFormat,
  sha256: z.string(),
  bytes: z.number().int(),
  read: z.number().int(),
  taken: z.number().int(),
  leftOut: z.array(LeftOut),
  flows: z.number().int(),
  connections: z.number().int(),
  basis: z.record(DirectionBasis, z.number().int()),
  firstSeenAtMs: z.number().int().nullable(),
  lastSeenAtMs: z.number().int().nullable(),
  /** What to know about figures and times of this format; empty where there is nothing. */
  caveat: z.string(),
});
export type ImportFigures = z.infer<typeof ImportFigures>;

/** A log that was imported, and that can be taken out again as a whole. */
export const FlowSource = z.strictObject({ id: z.number().int().positive(), name: z.string(), importedAtMs: z.number().int(), importedBy: z.string(), figures: ImportFigures });
export type FlowSource = z.infer<typeof FlowSource>;

/** Where a row of the flows list comes from when no agent saw it. */
export const FlowOrigin = z.strictObject({ source: z.number().int(), name: z.string(), format: SourceFormat, basis: DirectionBasis, confidence: DirectionConfidence });
export type FlowOrigin = z.infer<typeof FlowOrigin>;
