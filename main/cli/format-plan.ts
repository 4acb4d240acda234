import type { Plan, PolicyDiffRow } from '../../shared/model/diff.ts';
import type { FlipReport } from '../../shared/model/flip.ts';
import { flipLine, sharedFlipLines } from '../../shared/text/flip-text.ts';
import { describePlanWindow } from '../../shared/text/maintenance-text.ts';
import { formatTable, formatTime } from './table.ts';

const section = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)]);

const MAX_TEXT_CHARS = 300;

/** An IP list may have ten thousand networks; --json has them all. */
const shorten = (text: string) => (text.length <= MAX_TEXT_CHARS ? text : `${text.slice(0, MAX_TEXT_CHARS)}… (${text.length - MAX_TEXT_CHARS} more characters; --json has them)`);

/** The three-layer diff for a terminal, risk first, with what each change of the policy flips where that was asked for. An empty plan says so. */
export function formatPlan(plan: Plan, flips: FlipReport | null = null): string {
  const impact = plan.impact.map((row) => [
    row.change,
    row.direction === 'out' ? `${row.reporterName} → ${row.peerName}` : `${row.peerName} → ${row.reporterName}`,
    row.port === 0 ? row.protocol : `${row.protocol}/${row.port}`,
    row.user ?? '-',
    row.unit ?? '-',
    String(row.connections),
    formatTime(row.lastSeenAtMs),
    row.by ?? 'default',
  ]);
  const more = plan.impactTotal > plan.impact.length ? [`… ${plan.impactTotal - plan.impact.length} more`] : [];
  const changed = plan.hosts.filter((host) => host.bundleBefore !== host.bundleAfter);
  const hostLines = changed.flatMap((host) => [
    `${host.hostName} (${host.zone ?? 'no zone'}): ${host.modeBefore === null ? '' : `${host.modeBefore} → `}${host.modeAfter}`,
    ...host.rows.map((row) => `  ${{ added: '+', removed: '-', changed: '~', mode: '*' }[row.change]} ${row.direction === 'none' ? '' : `${row.direction}: `}${row.text}${row.effect === 'same' ? '' : ` [${row.effect}]`}`),
  ]);
  const lines = [
    ...section('REFUSED', plan.refusals.map((r) => `${r.host}: ${r.reason}${r.rule === null ? '' : ` (rule ${r.rule})`}`)),
    ...section('BROKEN POLICY TESTS', plan.brokenTests),
    ...section('Warnings', plan.warnings),
    ...section('Maintenance windows', plan.windows.map(describePlanWindow)),
    ...section('Observed flows that change', impact.length === 0 ? [] : [...formatTable(['CHANGE', 'WHO', 'SERVICE', 'USER', 'UNIT', 'CONN', 'LAST SEEN', 'BY'], impact).split('\n'), ...more]),
    ...section(`Hosts that change (${changed.length} of ${plan.hosts.length})`, hostLines),
    ...section('Policy rows that change', plan.policyDiff.flatMap((row) => describeRow(row, flips))),
    ...section('Seen flows that several changes flip', flips === null ? [] : sharedFlipLines(flips)),
  ];
  if (lines.length === 0) return 'Nothing to push: every host with an agent already runs the draft.';
  return [`Plan ${plan.hash.slice(0, 12)} against version ${plan.baseVersion ?? 'none'}`, ...lines].join('\n');
}

/** A row of the policy's diff, and below it what it flips. */
export function describeRow(row: PolicyDiffRow, flips: FlipReport | null): string[] {
  const line = `${{ added: '+', removed: '-', changed: '~' }[row.change]} ${row.what} ${row.name}: ${[row.before, row.after].filter((text) => text !== null).map(shorten).join('  →  ')}`;
  const below = flips === null ? null : flipLine(flips, row);
  return below === null ? [line] : [line, `    ${below}`];
}
