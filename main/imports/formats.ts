import type { ImportFormat } from '../../shared/model/flow-source.ts';
import { createAzureParser } from './azure.ts';
import { createConntrackParser } from './conntrack.ts';
import { createNfdumpParser } from './nfdump.ts';
import type { RowParser, RowSink } from './seen-row.ts';
import { createSsParser } from './ss.ts';
import { createSuricataParser } from './suricata.ts';
import { createVpcParser } from './vpc.ts';
import { createZeekJsonParser } from './zeek-json.ts';
import { createZeekTsvParser } from './zeek-tsv.ts';

/** How a format is read. `fileTimeMs` is when the file was last written: for listings that have no times of their own. */
export type FormatReader = { pieces: 'lines' | 'records'; caveat: string; createParser(sink: RowSink, fileTimeMs: number): RowParser };

const DIRECTIONS = 'rows are directions or intervals of conversations, not connections: of a conversation that several rows tell in one hour the one that tells it most is counted';

export const FORMAT_READERS: Readonly<Record<ImportFormat, FormatReader>> = {
  zeek: { pieces: 'lines', caveat: '', createParser: createZeekParser },
  suricata: { pieces: 'lines', caveat: 'events of the types flow and netflow are read; one connection may have both, and counts once', createParser: createSuricataParser },
  vpc: { pieces: 'lines', caveat: DIRECTIONS, createParser: createVpcParser },
  azure: { pieces: 'records', caveat: 'what was already going on when the log begins counts once an hour', createParser: createAzureParser },
  nfdump: { pieces: 'lines', caveat: `${DIRECTIONS}; times are taken as UTC (run nfdump with TZ=UTC)`, createParser: createNfdumpParser },
  conntrack: { pieces: 'lines', caveat: 'what was open when the list was made; its time is that of the file', createParser: createConntrackParser },
  ss: { pieces: 'lines', caveat: 'what was open when the list was made; its time is that of the file', createParser: createSsParser },
};

/** Each line says itself which of the two it is. */
function createZeekParser(sink: RowSink): RowParser {
  const [readTsv, readJson] = [createZeekTsvParser(sink), createZeekJsonParser(sink)];
  return (line) => (line.charCodeAt(0) === 123 /* { */ ? readJson(line) : readTsv(line));
}
