import type { HostFootprint, HostHealth, HostQuality, QualityHour } from '../../shared/contract/host-evidence.ts';
import { bytesText, percentText } from '../../shared/text/amount-text.ts';
import { ageText } from '../../shared/text/time-text.ts';
import { formatTable, formatTime } from './table.ts';

/** One character an hour. */
const STRIP: Record<QualityHour['state'], string> = { complete: '#', late: '+', lost: '!', gap: '_', waiting: '.', before: ' ' };

const offset = (ms: number): string => (Math.abs(ms) < 1500 ? 'agrees' : `${ms > 0 ? '+' : '-'}${Math.round(Math.abs(ms) / 1000)} s`);
const unless = <T>(value: T | null, text: (value: T) => string): string => (value === null ? '-' : text(value));

/** A row for each day (UTC), a character for each hour, then the hours that are worth a line. */
export function formatQuality(name: string, quality: HostQuality): string {
  const days = new Map<string, string>();
  for (const hour of quality.hours) {
    const at = new Date(hour.startMs);
    const day = at.toISOString().slice(0, 10);
    days.set(day, (days.get(day) ?? ' '.repeat(at.getUTCHours())) + STRIP[hour.state]);
  }
  const strip = [...days].map(([day, hours]) => `${day}  |${hours.padEnd(24)}|`);
  const worth = quality.hours.filter((hour) => hour.state === 'gap' || hour.state === 'lost' || hour.coarse > 0 || Math.abs(hour.clockOffsetMs ?? 0) >= 2000);
  const rows = worth.map((hour) => [formatTime(hour.startMs).slice(0, 13), hour.state, `${hour.snapshots}`, `${Math.round(hour.gapSeconds / 60)} min`, `${hour.lost}`, `${hour.coarse}`, `${hour.rejected}`, unless(hour.clockOffsetMs, offset)]);
  const { complete, late, lost, gap, waiting } = quality.totals;
  return [
    `${name}: ${complete + late} hours without loss (${late} counted with the next snapshot), ${lost} with loss, ${gap} with a gap, ${waiting} not fetched yet. Last snapshot ${formatTime(quality.lastSnapshotAtMs)}.`,
    ['UTC         0     6     12    18', ...strip, '# complete  + counted with the next  ! lost some  _ gap  . not fetched yet'].join('\n'),
    rows.length === 0 ? 'No hour needs a remark.' : formatTable(['HOUR (UTC)', 'STATE', 'SNAPSHOTS', 'GAP UP TO', 'LOST', 'COARSE', 'REJECTED', 'CLOCK'], rows),
  ].join('\n\n');
}

export function formatFootprint(name: string, { summary, latency, recent, limits }: HostFootprint): string {
  if (summary === null) return `${name}: nothing is known yet: firebreak collect ${name}`;
  const commands = summary.commands.map((c) => [c.command, `${c.runs}`, `${(c.cpuMs / 1000).toFixed(2)} s`, `${c.maxCpuMs} ms`, unless(c.peakBytes, bytesText)]);
  const runs = recent.map((r) => [formatTime(r.atMs), r.command, `${r.exitCode}`, `${r.cpuMs} ms`, `${r.wallMs} ms`, unless(r.peakBytes, bytesText), unless(r.sentBytes, bytesText)]);
  return [
    `${name}: ${(summary.cpuMs / 1000).toFixed(1)} s of CPU in the day until ${formatTime(summary.lastRunAtMs)}: ${percentText(summary.cpuPercent)} of one CPU (limit ${limits.cpuPercent} %; ${ageText(summary.coveredMs)} known). Stores ${bytesText(summary.storedBytes)} (limit ${limits.storedMegabytes} MB), sent ${bytesText(summary.sentBytes)}.`,
    latency === null
      ? `Added connect latency was not measured: firebreak host latency ${name}`
      : `Added connect latency: p50 ${latency.withP50Us - latency.withoutP50Us} µs, p99 ${latency.withP99Us - latency.withoutP99Us} µs (limit ${limits.addedLatencyMs * 1000} µs; ${formatTime(latency.measuredAtMs)}).`,
    formatTable(['COMMAND', 'RUNS', 'CPU', 'MOST', 'PEAK MEMORY'], commands),
    formatTable(['LAST RUNS', 'COMMAND', 'EXIT', 'CPU', 'TOOK', 'PEAK', 'SENT'], runs),
  ].join('\n\n');
}

/** The table of `doctor`; empty fleets give a sentence. */
export function formatHealth(hosts: readonly HostHealth[]): string {
  if (hosts.length === 0) return 'No managed hosts.';
  const rows = hosts.map((h) => [
    h.hostName,
    h.agentVersion ?? 'none',
    h.reachable === null ? 'not asked' : h.reachable ? 'yes' : 'NO',
    unless(h.clockOffsetMs, offset),
    h.verify,
    unless(h.summary, (s) => `${(s.cpuMs / 1000).toFixed(1)} s`),
    unless(h.summary, (s) => percentText(s.cpuPercent)),
    unless(h.summary?.peakBytes ?? null, bytesText),
    unless(h.summary, (s) => bytesText(s.storedBytes)),
    unless(h.summary, (s) => bytesText(s.sentBytes)),
    unless(h.latency, (l) => `${((l.withP99Us - l.withoutP99Us) / 1000).toFixed(2)} ms`),
    unless(h.spoolAgeMs, ageText),
    `${h.hostKeyPinned ? 'host' : 'NO host'}, ${h.keyPinned === null ? '-' : h.keyPinned ? 'bundles' : 'NO bundles'}`,
  ]);
  const table = formatTable(['HOST', 'AGENT', 'ANSWERS', 'CLOCK', 'VERIFY', 'CPU/DAY', '%', 'PEAK', 'STORED', 'SENT', 'P99 ADDED', 'SNAPSHOT AGE', 'KEYS PINNED'], rows);
  const attention = hosts.flatMap((h) => h.attention.map((text) => [h.hostName, text]));
  return attention.length === 0 ? table : `${table}\n\n${formatTable(['LOOK', 'WHY'], attention)}`;
}
