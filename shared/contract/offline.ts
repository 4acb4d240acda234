import { z } from 'zod';
import { Admitted, HostAudit, LogRead, OfflineCode } from '../offline-audit/offline-audit.ts';
import { OfflineFigures } from '../offline-audit/summarize.ts';
import { call, progressOf } from './contract-call.ts';

const Path = z.string().min(1).max(4096);
const count = z.number().int();

/**
 * What to audit, on the machine of the console: files of rules, folders of them or Ansible inventories; flow logs; a list of addresses of hosts; the templates of an inventory's role. Absolute, or beginning
 * with `~/`. `bundles`: also the hosts and flows of every bundle and log that was imported into this workspace.
 */
export const OfflineQuery = z.strictObject({ paths: z.array(Path).max(1000), logs: z.array(Path).max(100), hostsPath: Path.nullable(), templatesPath: Path.nullable(), bundles: z.boolean() });
export type OfflineQuery = z.infer<typeof OfflineQuery>;

/** A host of an audit as a list has it. `admitted`, `openToAll`, `listening` null: not known. */
export const OfflineHostRow = z.strictObject({
  name: z.string(),
  addresses: z.array(z.string()),
  origin: HostAudit.shape.origin,
  files: count,
  rules: count,
  exactRules: count,
  admitted: count.nullable(),
  openToAll: count.nullable(),
  listening: count.nullable(),
  blindSpots: count,
  flows: count,
});
export type OfflineHostRow = z.infer<typeof OfflineHostRow>;

/** The same thing on so many hosts, of which `hosts` are the first. `unsigned`: how many of all are known by bundles that nobody signed. */
export const OfflineGroup = z.strictObject({ subject: z.string(), sentence: z.string(), hosts: z.array(z.string()), hostCount: count, unsigned: count, connections: count });
export type OfflineGroup = z.infer<typeof OfflineGroup>;

/** An audit, summed up: `id` names it to the other calls until the next is made. `total` counts what `groups` is the beginning of. */
export const OfflineSummary = z.strictObject({
  id: z.string(),
  madeAtMs: count,
  figures: OfflineFigures,
  limits: z.array(z.string()),
  unread: z.array(z.strictObject({ path: z.string(), reason: z.string() })),
  unreadTotal: count,
  logs: z.array(LogRead),
  hosts: z.array(OfflineHostRow),
  findings: z.array(z.strictObject({ code: OfflineCode, total: count, groups: z.array(OfflineGroup) })),
  blindSpots: z.array(z.strictObject({ text: z.string(), reason: z.string(), first: z.string(), hosts: count })),
  blindTotal: count,
});
export type OfflineSummary = z.infer<typeof OfflineSummary>;

/** One host in full; long lists are cut, and `more…` counts the rest. */
export const OfflineHostDetail = z.strictObject({
  host: HostAudit.omit({ admits: true }),
  admits: z.array(Admitted).nullable(),
  moreAdmits: count,
  findings: z.array(z.strictObject({ code: OfflineCode, subject: z.string(), sentence: z.string(), connections: count })),
});
export type OfflineHostDetail = z.infer<typeof OfflineHostDetail>;

/** Audits from files alone, as `firebreak audit offline`: nothing is connected to, and nothing is written. The newest audit of a window is kept until the next. */
export const offlineContract = {
  audit: call.input(OfflineQuery).output(progressOf(OfflineSummary)),
  /** NOT_FOUND once another audit was made. */
  host: call.input(z.strictObject({ id: z.string(), name: z.string() })).output(OfflineHostDetail),
  /** The report as one HTML document: preview and PDF. */
  render: call.input(z.strictObject({ id: z.string() })).output(z.strictObject({ html: z.string() })),
  /** The whole audit as CSV, table by table. */
  tables: call.input(z.strictObject({ id: z.string() })).output(z.strictObject({ files: z.array(z.strictObject({ name: z.string(), text: z.string() })) })),
};
