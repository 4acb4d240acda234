import type { VersionDetail } from '../../shared/contract/version-views.ts';
import type { ReadinessCheck } from '../../shared/model/readiness.ts';
import { worstFirst } from '../../shared/policy/readiness.ts';
import { countText } from '../../shared/text/amount-text.ts';
import { formatTable, formatTime } from './table.ts';

const WORDS: Record<ReadinessCheck['state'], string> = { ok: 'ok', warning: 'warning', blocker: 'BLOCKER', waived: 'waived' };

/** The check list as a table, then of each check that is not met why it matters, where to look, and who waived it. */
export function formatReadiness(checks: readonly ReadinessCheck[]): string {
  if (checks.length === 0) return 'No evidence is needed: a zone that observes blocks nothing.';
  const table = formatTable(['CHECK', 'STATE', 'FOUND', 'WANTED', 'EVIDENCE'], worstFirst(checks).map((one) => [one.check, WORDS[one.state], one.figure, one.wanted, one.text]));
  const notes = worstFirst(checks).filter(({ state }) => state !== 'ok').map((one) => `  ${one.check}: ${one.waiver === null ? `${one.why}; see ${one.detail}` : waiverText(one.waiver)}`);
  return [table, ...(notes.length === 0 ? [] : ['', 'What is not met, and why it matters:', ...notes])].join('\n');
}

const waiverText = ({ reason, actor, atMs }: NonNullable<ReadinessCheck['waiver']>): string => `waived by ${actor} on ${formatTime(atMs)}: ${reason}`;

/** `12 ok, 2 warnings, 1 waived`. */
export function countStates(checks: readonly ReadinessCheck[]): string {
  const count = (state: ReadinessCheck['state'], word: string, words = word) => {
    const n = checks.filter((one) => one.state === state).length;
    return n === 0 ? [] : [`${n} ${n === 1 ? word : words}`];
  };
  return [...count('ok', 'ok'), ...count('warning', 'warning', 'warnings'), ...count('waived', 'waived'), ...count('blocker', 'blocker', 'blockers')].join(', ');
}

/** A version with the evidence of each zone; whole lists of those that it moved, one line of the others. */
export function formatVersion(version: VersionDetail): string {
  const { id, parent, hash, author, note, createdAtMs, rules, zones } = version;
  const head = [`Version ${id} (${hash.slice(0, 12)}) of ${formatTime(createdAtMs)} by ${author}${note === '' ? '' : `: ${note}`}`, `  after ${parent === null ? 'none' : `version ${parent}`}; ${countText(zones.length, 'zone')}, ${countText(rules, 'rule')}`];
  return [...head, ...zones.flatMap(formatZone)].join('\n');
}

function formatZone({ name, mode, isMoved, evidence }: VersionDetail['zones'][number]): string[] {
  const title = `Zone ${name}: ${mode}${isMoved ? ', since this version' : ''}`;
  if (mode === 'observe') return ['', title];
  if (evidence === null) return ['', `${title}; evidence: none stored`];
  const stale = evidence.isStale ? '; STALE: its rules or hosts had changed when this version was made' : '';
  const line = `${title}; evidence of ${formatTime(evidence.atMs)} by ${evidence.actor} (${evidence.from} → ${evidence.mode}): ${countStates(evidence.checks)}${stale}`;
  return isMoved ? ['', line, ...formatReadiness(evidence.checks).split('\n').map((text) => (text === '' ? '' : `  ${text}`))] : ['', line];
}
