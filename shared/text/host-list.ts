import type { ColumnChoice, ColumnMeaning, NewHost } from '../contract/host-imports.ts';
import { SshTarget } from '../model/host.ts';
import { Labels } from '../model/label.ts';
import { HostName } from '../model/names.ts';
import { canonicalText } from '../net/address.ts';
import { type CsvRecord, readCsv } from './csv-records.ts';
import { type HostColumn, labelOfColumn, listStrangers, readColumns } from './host-columns.ts';
import { parseLabels } from './label-text.ts';
import { toLabelValue } from './label-value.ts';

/** A row that makes no host, and why. */
export type RefusedRow = { readonly line: number; readonly name: string; readonly reason: string };
/** `assumed`: what the row does not say, and an update leaves as it is. */
export type ListedRow = NewHost & { readonly line: number; readonly assumed: readonly ('user' | 'identity' | 'sudo')[] };
/** `columns` in the order of the file; `strangers` are heads that somebody chose a meaning for and that it does not have. */
export type HostList = { readonly rows: number; readonly hosts: readonly ListedRow[]; readonly refused: readonly RefusedRow[]; readonly columns: readonly HostColumn[]; readonly strangers: readonly string[] };

const MAX_NOTE = 500;
const NEVER_CLOSED = 'a quote in it is never closed, so that the rest of the file would be part of it';

/**
 * A table of hosts as CSV: a line of heads with `name`, then a line each. `ssh` ([USER@]HOST[:PORT], with `identity`, `sudo`, `jump`) makes a managed host; without it `address`
 * is needed. `labels` has k=v; every other column whose head can be a key is a label, what a value cannot have being written as `-`. A row that cannot be read is refused with
 * its line and why; none is guessed at. `choices` go before what heads say. Pure.
 */
export function readHostList(text: string, choices: readonly ColumnChoice[] = []): HostList {
  const [head, ...records] = readCsv(text);
  const columns = readColumns(head?.cells ?? [], choices);
  const found = { rows: records.length, columns: columns.filter((one) => one.head !== ''), strangers: listStrangers(head?.cells ?? [], choices) };
  if (head?.isCut === true) return { ...found, hosts: [], refused: [{ line: head.line, name: '', reason: NEVER_CLOSED }] };
  if (head !== undefined && !columns.some(({ meaning }) => meaning === 'name')) {
    return { ...found, hosts: [], refused: [{ line: head.line, name: '', reason: 'the first line has no column “name”; it must name the columns, such as name,address,role,env, or say which column holds the name' }] };
  }
  const hosts: HostList['hosts'][number][] = [];
  const refused: RefusedRow[] = [];
  const seen = new Map<string, number>();
  for (const record of records) {
    const row = readRow(record, columns);
    // A row that was refused holds no name.
    const before = seen.get(row.name);
    if (!('host' in row)) refused.push({ line: record.line, ...row });
    else if (before !== undefined) refused.push({ line: record.line, name: row.name, reason: `line ${before} has that name already` });
    else {
      hosts.push({ ...row.host, line: record.line });
      seen.set(row.name, record.line);
    }
  }
  return { ...found, hosts, refused };
}

type Row = { readonly name: string; readonly host: Omit<ListedRow, 'line'> } | { readonly name: string; readonly reason: string };

/** Walks the cells that the row has, not the heads: many short rows under a wide head take no longer than their text. */
function readRow({ cells, isCut }: CsvRecord, columns: readonly HostColumn[]): Row {
  const valuesOf = (meaning: ColumnMeaning) => cells.filter((cell, at) => cell !== '' && columns[at]?.meaning === meaning);
  const [name = ''] = valuesOf('name');
  const refuse = (reason: string): Row => ({ name, reason });
  if (isCut) return refuse(NEVER_CLOSED);
  const named = HostName.safeParse(name);
  if (!named.success) return refuse(name === '' ? 'it has no name' : (named.error.issues[0]?.message ?? 'not a host name'));
  const addresses = valuesOf('addresses').flatMap((cell) => cell.split(/[\s,;]+/)).filter((word) => word !== '');
  // Inventories write the length of the network behind an address; the address is meant.
  const read = addresses.map((word) => canonicalText(word.replace(/\/\d{1,3}$/, '')));
  const wrong = addresses.find((_, at) => read[at] === null);
  if (wrong !== undefined) return refuse(`“${wrong}” is no address`);
  const typed = parseLabels(valuesOf('labels').join(','));
  if (!typed.ok) return refuse(typed.issues[0]?.message ?? 'its labels cannot be read');
  const ofColumns = cells.flatMap((cell, at) => {
    const key = labelOfColumn(columns[at]?.meaning ?? '-');
    const value = key === null ? '' : toLabelValue(cell);
    return key === null || value === '' ? [] : [[key, value]];
  });
  const labels = Labels.safeParse({ ...Object.fromEntries(ofColumns), ...typed.value });
  if (!labels.success) return refuse(labels.error.issues[0]?.message ?? 'its labels cannot be read');
  const ssh = readSsh(valuesOf);
  if (typeof ssh === 'string') return refuse(ssh);
  if (ssh === null && read.length === 0) return refuse('it has neither an address nor a way in over SSH');
  const host = { name: named.data, ssh, addresses: [...new Set(read.flatMap((address) => address ?? []))], labels: labels.data, note: valuesOf('note').join('; ').slice(0, MAX_NOTE), assumed: assumedOf(valuesOf) };
  return { name, host };
}

const assumedOf = (valuesOf: ValuesOf): ListedRow['assumed'] => [
  ...(valuesOf('ssh')[0]?.includes('@') === true ? [] : (['user'] as const)),
  ...(valuesOf('identity').length > 0 ? [] : (['identity'] as const)),
  ...(valuesOf('sudo').length > 0 ? [] : (['sudo'] as const)),
];

type ValuesOf = (meaning: ColumnMeaning) => string[];

/** A user, a name of 253 and a port; what is longer is not looked at, since a long run of colons takes the pattern the square of its length. */
const MAX_WAY_IN_CHARS = 400;
const WAY_IN = /^(?:([^@\s]+)@)?(?:\[([0-9a-fA-F:.]+)\]|([0-9a-fA-F]*:[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)|([^:\s[\]@]+))(?::(\d{1,5}))?$/;

/** Null: no way in. Text: why it cannot be read. Root needs no sudo, anybody else is taken to have it without a password unless `sudo` says otherwise. */
function readSsh(valuesOf: ValuesOf): SshTarget | null | string {
  const [text] = valuesOf('ssh');
  if (text === undefined) return null;
  const match = text.length > MAX_WAY_IN_CHARS ? null : WAY_IN.exec(text);
  if (match === null) return `“${text}” is not [USER@]HOST[:PORT]`;
  const user = match[1] ?? 'root';
  const [identity = 'agent'] = valuesOf('identity');
  const target = SshTarget.safeParse({
    ...{ address: match[2] ?? match[3] ?? match[4], port: Number(match[5] ?? '22'), user },
    identity: identity === 'agent' || identity === 'password' ? { kind: identity } : { kind: 'key-file', keyPath: identity },
    sudo: valuesOf('sudo')[0] ?? (user === 'root' ? 'none' : 'nopasswd'),
    jump: valuesOf('jump')[0] ?? null,
  });
  if (target.success) return target.data;
  const [issue] = target.error.issues;
  return issue?.path[0] === 'sudo' ? 'sudo is none, nopasswd or password' : `${String(issue?.path[0] ?? 'ssh')}: ${issue?.message ?? 'cannot be read'}`;
}
