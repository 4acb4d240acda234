import { z } from 'zod';
import { deriveEvidence } from '../evidence/derive-evidence.ts';
import { readTables, type ReadTables } from '../evidence/csv-tables.ts';
import { type Evidence, EvidenceDerived } from '../evidence/evidence-tables.ts';
import { computeManifest, type Manifest } from './manifest.ts';

/** What does not fit, and where: a file, or `figure NAME`. */
export type PackProblem = { readonly where: string; readonly message: string };
/** In one table; the first says what to look at, thousands would hide it. */
const MAX_CELLS = 5;

/** Computes every derived table and every figure again from the source tables, and tells each that differs. Pure; `textOf` gives the text of a file of the pack. */
export function checkTables(manifest: Manifest, textOf: (file: string) => string): PackProblem[] {
  const read = readTables(textOf);
  if (!read.ok) return read.problems.map(({ file, message }) => ({ where: file, message }));
  const period = { fromMs: Date.parse(manifest.period.from), untilMs: Date.parse(manifest.period.until) };
  const evidence: Evidence = { period, sources: read.sources, derived: deriveEvidence(read.sources, period) };
  return [...compareDerived(evidence, read), ...compareVerdicts(evidence), ...compareTraffic(evidence), ...compareManifest(manifest, evidence)];
}

function compareDerived({ derived }: Evidence, { derivedCells, lines }: Extract<ReadTables, { ok: true }>): PackProblem[] {
  return Object.entries(z.encode(EvidenceDerived, derived)).flatMap(([table, rows]) => {
    const where = `${table}.csv`;
    const held = derivedCells.get(table) ?? [];
    const problems: PackProblem[] = [];
    if (held.length !== rows.length) problems.push({ where, message: `it has ${held.length} rows, and the other tables give ${rows.length}` });
    rows.forEach((row, i) => {
      for (const [column, computed] of Object.entries(row)) {
        const cell = held[i]?.[column];
        if (cell !== undefined && cell !== computed) problems.push({ where, message: `line ${lines.get(table)?.[i] ?? '?'}, column ${column}: it holds “${cell}”, and the other tables give “${computed}”` });
      }
    });
    return problems.length > MAX_CELLS ? [...problems.slice(0, MAX_CELLS), { where, message: `and ${problems.length - MAX_CELLS} more cells` }] : problems;
  });
}

/** Refused connections are told twice, flow by flow and in sums by host and zone: both must say the same. */
function compareVerdicts({ sources }: Evidence): PackProblem[] {
  const sums = new Map<string, number>();
  const add = (key: readonly string[], connections: number) => sums.set(key.join(' · '), (sums.get(key.join(' · ')) ?? 0) + connections);
  for (const { host, zone, verdict, connections } of sources.verdicts) if (verdict !== 'accepted') add([host, zone, verdict], connections);
  for (const { reporter, zone, verdict, connections } of sources.refused_flows) add([reporter, zone, verdict], -connections);
  return [...sums].flatMap(([key, left]) => (left === 0 ? [] : [{ where: 'refused_flows.csv', message: `${key}: its connections are not those of verdicts.csv (a difference of ${left})` }])).slice(0, MAX_CELLS);
}

/** All connections are told three times, by host, by day and from group to group: each must come to the same for a verdict. */
function compareTraffic({ sources }: Evidence): PackProblem[] {
  const sumBy = <Row extends { readonly verdict: string }>(rows: readonly Row[], of: (row: Row) => number): Map<string, number> => {
    const sums = new Map<string, number>();
    for (const row of rows) sums.set(row.verdict, (sums.get(row.verdict) ?? 0) + of(row));
    return sums;
  };
  const told = sumBy(sources.verdicts, ({ connections }) => connections);
  const again = [
    { where: 'traffic_days.csv', sums: sumBy(sources.traffic_days, ({ connections }) => connections) },
    { where: 'traffic.csv', sums: sumBy(sources.traffic, (row) => row.reported_out + row.reported_in) },
  ];
  return again.flatMap(({ where, sums }) =>
    [...new Set([...told.keys(), ...sums.keys()])].toSorted().flatMap((verdict) => {
      const [own, other] = [sums.get(verdict) ?? 0, told.get(verdict) ?? 0];
      return own === other ? [] : [{ where, message: `${verdict}: it has ${own} connections, and verdicts.csv has ${other}` }];
    }),
  );
}

function compareManifest(manifest: Manifest, evidence: Evidence): PackProblem[] {
  const { figures, ...computed } = computeManifest(evidence);
  const said = new Map(manifest.figures.map((figure) => [figure.id, figure]));
  const known = new Set(figures.map(({ id }) => id));
  return [
    ...figures.flatMap((figure): PackProblem[] => {
      const own = said.get(figure.id);
      if (own === undefined) return [{ where: `figure ${figure.id}`, message: 'the manifest does not have it' }];
      if (own.value !== figure.value) return [{ where: `figure ${figure.id}`, message: `the manifest says ${own.value} ${figure.unit}, and ${figure.function} gives ${figure.value} from the tables` }];
      return own.title === figure.title && own.unit === figure.unit && own.function === figure.function ? [] : [{ where: `figure ${figure.id}`, message: 'its words are not those of this version of Firebreak' }];
    }),
    ...manifest.figures.filter(({ id }) => !known.has(id)).map(({ id }) => ({ where: `figure ${id}`, message: 'no function of this version of Firebreak makes it' })),
    ...(['agentVersions', 'losses', 'limits'] as const).flatMap((part) => (JSON.stringify(manifest[part]) === JSON.stringify(computed[part]) ? [] : [{ where: MANIFEST_PART, message: `its “${part}” are not what the tables give` }])),
  ];
}
const MANIFEST_PART = 'manifest.json';
