import { z } from 'zod';
import { SshTarget } from '../model/host.ts';
import { Labels } from '../model/label.ts';
import { HostName } from '../model/names.ts';

/** A host as it is added; `ssh` null makes it unmanaged, which needs an address. */
export const NewHost = z.strictObject({ name: HostName, ssh: SshTarget.nullable(), addresses: z.array(z.string()), labels: Labels, note: z.string().max(500) });
export type NewHost = z.infer<typeof NewHost>;

export const MAX_LIST_CHARS = 8_000_000;

/** The text of a CSV file; `dryRun` reads it and stores nothing. */
export const HostImportInput = z.strictObject({
  text: z.string().max(MAX_LIST_CHARS, 'a list of hosts has 8 MB at most; split it'),
  fileName: z.string().max(255),
  dryRun: z.boolean(),
});
export type HostImportInput = z.infer<typeof HostImportInput>;

/** `rows` is added + known + refused, but for a file whose first line cannot be read. Names in the order of the file. */
export const HostImportResult = z.strictObject({
  rows: z.number().int(),
  added: z.array(z.strictObject({ name: z.string(), managed: z.boolean(), addresses: z.array(z.string()), labels: Labels })),
  /** Are there already, and stay as they are. */
  known: z.array(z.string()),
  /** `line` of the file. */
  refused: z.array(z.strictObject({ line: z.number().int(), name: z.string(), reason: z.string() })),
  /** Columns that became labels, and those that could not. */
  labelColumns: z.array(z.string()),
  ignoredColumns: z.array(z.string()),
});
export type HostImportResult = z.infer<typeof HostImportResult>;
