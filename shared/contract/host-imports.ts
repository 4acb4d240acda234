import { z } from 'zod';
import { LoginName } from '../model/compatibility.ts';
import { SshIdentity, SshTarget } from '../model/host.ts';
import { LabelKey, Labels } from '../model/label.ts';
import { isPostureKey } from '../model/posture.ts';
import { HostName } from '../model/names.ts';

/** A host as it is added; `ssh` null makes it unmanaged, which needs an address. */
export const NewHost = z.strictObject({ name: HostName, ssh: SshTarget.nullable(), addresses: z.array(z.string()), labels: Labels, note: z.string().max(500) });
export type NewHost = z.infer<typeof NewHost>;

export const MAX_LIST_CHARS = 8_000_000;

/** What a column of a list holds; `label:KEY` makes a label of it, `-` leaves it out. */
export const COLUMN_MEANINGS = ['name', 'ssh', 'identity', 'sudo', 'jump', 'labels', 'note', 'addresses', '-'] as const;
export const ColumnMeaning = z.union([z.enum(COLUMN_MEANINGS), z.templateLiteral(['label:', LabelKey])]).refine((meaning) => !isPostureKey(meaning.slice('label:'.length)) || !meaning.startsWith('label:'), 'labels that begin with posture. come from what hosts report about themselves, and nobody can set them');
export type ColumnMeaning = z.infer<typeof ColumnMeaning>;
/** For a column by its head, as it is written in the file; the others mean what their heads say. */
export const ColumnChoice = z.strictObject({ head: z.string().max(200), meaning: ColumnMeaning });
export type ColumnChoice = z.infer<typeof ColumnChoice>;

/**
 * Where a label of an inventory's hosts comes from. `groups`: patterns with at most one `*`; of a group that matches the part under the star is the value, or its whole name. A label
 * whose sources say different things of a host is left out there, and that is said.
 */
export const LabelSource = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('variable'), key: LabelKey, name: z.string().min(1).max(200) }),
  z.strictObject({ kind: z.literal('groups'), key: LabelKey, patterns: z.array(z.string().min(1).max(200)).min(1).max(100) }),
]);
export type LabelSource = z.infer<typeof LabelSource>;

const Paths = z.array(z.string().min(1).max(4096)).min(1).max(20);
/** A machine that answered a probe, under the name that it is to have. */
export const FoundHost = z.strictObject({ name: HostName, address: z.string().min(2).max(45), port: z.number().int().min(1).max(65535) });
export type FoundHost = z.infer<typeof FoundHost>;

/** Paths are of the console's machine. `user`: whom to log in as where the source names nobody; null: who runs the console. */
export const HostSource = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('csv'), text: z.string().max(MAX_LIST_CHARS, 'a list of hosts has 8 MB at most; split it'), fileName: z.string().max(255), columns: z.array(ColumnChoice).max(1000).default([]) }),
  z.strictObject({ kind: z.literal('ssh-config'), paths: Paths }),
  z.strictObject({ kind: z.literal('ansible'), paths: Paths, labels: z.array(LabelSource).max(100).default([]), user: LoginName.nullable().default(null) }),
  z.strictObject({ kind: z.literal('probe'), network: z.string().max(64), found: z.array(FoundHost).max(4096), user: LoginName }),
]);
export type HostSource = z.infer<typeof HostSource>;
export type HostSourceKind = HostSource['kind'];

/** `labels`: for every host that is added or changed. `update`: hosts that are there take what the source says; else they stay as they are. `only`: these names, and their jump hosts; null: all. `identity`: for hosts whose source names none; null: ssh-agent. `dryRun` stores nothing. */
export const HostImportInput = z.strictObject({
  source: HostSource,
  labels: Labels.default({}),
  update: z.boolean().default(false),
  only: z.array(z.string().max(253)).max(20_000).nullable().default(null),
  identity: SshIdentity.nullable().default(null),
  dryRun: z.boolean(),
});
export type HostImportInput = z.infer<typeof HostImportInput>;

const Row = z.strictObject({ name: z.string(), managed: z.boolean(), way: z.string().nullable(), addresses: z.array(z.string()), labels: Labels, notes: z.array(z.string()) });
export type HostImportRow = z.infer<typeof Row>;
/** `what` is `user`, `labels.role`, `addresses` …; empty text is none. */
const FieldChange = z.strictObject({ what: z.string(), from: z.string(), to: z.string() });
export type FieldChange = z.infer<typeof FieldChange>;

/** `rows` is what the source names; hosts that were added for the way to others are not among them. Names in the order of the source. */
export const HostImportResult = z.strictObject({
  rows: z.number().int(),
  /** `way`: [USER@]HOST:PORT, and through whom. */
  added: z.array(Row),
  /** Are there, and the source says something else. Without `update` they stay as they are. */
  changed: z.array(z.strictObject({ name: z.string(), changes: z.array(FieldChange), notes: z.array(z.string()) })),
  /** Are there already, as the source says. */
  known: z.array(z.string()),
  /** Not among `only`. */
  skipped: z.number().int(),
  /** `line` of the file, 0 where none can be named; `file` null for text without a name. */
  refused: z.array(z.strictObject({ file: z.string().nullable(), line: z.number().int(), name: z.string(), reason: z.string() })),
  /** Sentences about the source as a whole. */
  notes: z.array(z.string()),
  /** Of a CSV file, in its order. `ignored`: no label can be called that. */
  columns: z.array(z.strictObject({ head: z.string(), meaning: ColumnMeaning, ignored: z.boolean() })),
  /** Of an inventory: what labels can be made of, with the number of hosts; the most common first. */
  groups: z.array(z.strictObject({ name: z.string(), hosts: z.number().int() })),
  variables: z.array(z.strictObject({ name: z.string(), hosts: z.number().int(), values: z.array(z.string()) })),
});
export type HostImportResult = z.infer<typeof HostImportResult>;

/** A `/20`: two minutes where nobody answers. */
export const MAX_PROBED = 4096;
export const ProbeInput = z.strictObject({
  network: z.string().max(64),
  port: z.number().int().min(1).max(65535).default(22),
  /** For one address: to connect, and again until it has said who it is. */
  timeoutMs: z.number().int().min(100).max(10_000).default(1500),
  parallel: z.number().int().min(1).max(256).default(128),
});
export type ProbeInput = z.infer<typeof ProbeInput>;

/** `knownAs`: the host of the workspace with that way in or address. `banner` is the machine's own word. */
const ProbeAnswer = z.strictObject({ address: z.string(), port: z.number().int(), banner: z.string(), knownAs: z.string().nullable() });
export type ProbeAnswer = z.infer<typeof ProbeAnswer>;
/** `silent`: nothing answered there; `closed`: the port is; `other`: something answers that does not say SSH. */
export const ProbeResult = z.strictObject({ network: z.string(), asked: z.number().int(), answers: z.array(ProbeAnswer), silent: z.number().int(), closed: z.number().int(), other: z.number().int() });
export type ProbeResult = z.infer<typeof ProbeResult>;
