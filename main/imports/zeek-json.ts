import { readEpochSeconds, readIsoTime, readPort } from './read-fields.ts';
import { fieldObject, fieldText, type JsonObject, parseJsonObject } from './read-json.ts';
import { REASONS, type RowParser, type RowSink } from './seen-row.ts';
import { readZeekOrder } from './zeek-order.ts';

/** Zeek's conn.log as JSON lines: `id.orig_h`, `id_orig_h` (streaming style) or an object `id`; times as seconds or as ISO 8601. */
export function createZeekJsonParser(sink: RowSink): RowParser {
  return (line) => {
    const row = parseJsonObject(line);
    if (row === null) return sink.leaveOut('refused', REASONS.json);
    const end = (name: string) => fieldText(row, `id.${name}`) || fieldText(row, `id_${name}`) || fieldText(fieldObject(row, 'id'), name);
    const protocol = fieldText(row, 'proto');
    const from = end('orig_h');
    if (from === '' && protocol === '') return sink.leaveOut('skipped', 'no connection: neither addresses nor a protocol (a line of another Zeek log)');
    const hasPorts = protocol === 'tcp' || protocol === 'udp';
    const atMs = readTime(row);
    sink.take({
      from,
      fromPort: hasPorts ? readPort(end('orig_p')) : 0,
      to: end('resp_h'),
      toPort: hasPorts ? readPort(end('resp_p')) : 0,
      protocol,
      ...readZeekOrder(protocol, fieldText(row, 'conn_state'), fieldText(row, 'history')),
      verdict: 'accepted',
      atMs,
      untilMs: atMs + (readEpochSeconds(fieldText(row, 'duration')) || 0),
      witness: '',
    });
  };
}

function readTime(row: JsonObject): number {
  const text = fieldText(row, 'ts');
  return text.includes('-') && text.includes(':') ? readIsoTime(text) : readEpochSeconds(text);
}
