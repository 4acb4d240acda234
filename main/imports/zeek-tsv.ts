import { readEpochSeconds, readPort } from './read-fields.ts';
import { REASONS, type RowParser, type RowSink } from './seen-row.ts';
import { readZeekOrder } from './zeek-order.ts';

/** The columns that are read; the first six are needed. The place here is the slot that each is kept in. */
const SLOTS = ['ts', 'id.orig_h', 'id.orig_p', 'id.resp_h', 'id.resp_p', 'proto', 'duration', 'conn_state', 'history'];
const NEEDED = SLOTS.slice(0, 6);
/** For each column of the log its slot, or -1; `needed` is the last column that a row must have, `last` the last that is read. */
type Columns = { slots: readonly number[]; needed: number; last: number };
type Header = { separator: string; unset: string; path: string; columns: Columns | null; fault: string };

const NO_HEADER = 'a row before any #fields line, which says what its columns are';
/** More columns than any log has: a line of nothing but separators is not cut into a million. */
const MAX_COLUMNS = 512;

/** Zeek's conn.log as tab-separated text; the header lines may come again, as in logs that were joined. */
export function createZeekTsvParser(sink: RowSink): RowParser {
  let header: Header = { separator: '\t', unset: '-', path: '', columns: null, fault: NO_HEADER };
  const cells = SLOTS.map(() => '');
  return (line) => {
    if (line.charCodeAt(0) === 35 /* # */) {
      header = readHeader(header, line);
      return;
    }
    const { columns } = header;
    if (columns === null) return sink.leaveOut('refused', header.fault);
    if (cutFields(line, header, columns, cells) <= columns.needed) return sink.leaveOut('refused', REASONS.fields);
    const [ts = '', from = '', fromPort = '', to = '', toPort = '', protocol = '', duration = '', state = '', history = ''] = cells;
    const atMs = readEpochSeconds(ts);
    const hasPorts = protocol === 'tcp' || protocol === 'udp';
    const { order, answered } = readZeekOrder(protocol, state, history);
    sink.take({
      from,
      fromPort: hasPorts ? readPort(fromPort) : 0,
      to,
      toPort: hasPorts ? readPort(toPort) : 0,
      protocol,
      order,
      answered,
      verdict: 'accepted',
      atMs,
      untilMs: atMs + (readEpochSeconds(duration) || 0),
      witness: '',
    });
  };
}

/** Cuts out what is needed and nothing else, because cutting all of twenty columns took longer than everything else. Gives how many columns were met. */
function cutFields(line: string, { separator, unset }: Header, { slots, last }: Columns, cells: string[]): number {
  cells.fill('');
  let place = 0;
  for (let begin = 0; place <= last && begin >= 0; place += 1) {
    const end = line.indexOf(separator, begin);
    const slot = slots[place] ?? -1;
    if (slot >= 0) {
      const text = line.slice(begin, end < 0 ? undefined : end);
      cells[slot] = text === unset ? '' : text;
    }
    begin = end < 0 ? -1 : end + separator.length;
  }
  return place;
}

function readHeader(header: Header, line: string): Header {
  const [name = '', ...values] = line.split(line.startsWith('#separator') ? ' ' : header.separator, MAX_COLUMNS);
  const value = values[0] ?? '';
  if (name === '#separator') return { ...header, separator: value.replaceAll(/\\x([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))) || '\t' };
  if (name === '#unset_field') return { ...header, unset: value };
  if (name === '#path') return { ...header, path: value };
  return name === '#fields' ? { ...header, ...readColumns(values, header.path) } : header;
}

function readColumns(names: readonly string[], path: string): Pick<Header, 'columns' | 'fault'> {
  if (NEEDED.some((name) => !names.includes(name))) {
    const said = /^[\w-]{1,40}$/.test(path) ? ` (it is Zeek’s ${path} log)` : '';
    return { columns: null, fault: `the #fields line lacks what a connection needs: ${NEEDED.join(', ')}${said}; import conn.log` };
  }
  const slots = names.map((name) => SLOTS.indexOf(name));
  return { columns: { slots, needed: Math.max(...NEEDED.map((name) => names.indexOf(name))), last: slots.findLastIndex((slot) => slot >= 0) }, fault: '' };
}
