import type { AgentFacts } from '../contract/agent-replies.ts';
import { Posture, POSTURE_FACTS, type PostureFact, type PosturePart, type SaidPosture, UNKNOWN_POSTURE } from '../model/posture.ts';

const DAY_MS = 86_400_000;
/** What a host said longer ago, and package lists that were published longer ago, say nothing of today. */
export const POSTURE_HOLDS_DAYS = 7;
const holdsMs = POSTURE_HOLDS_DAYS * DAY_MS;

/** What the facts of a host come to, with what is known of before; null where its agent does not tell. Pure. */
export function sayPosture(facts: Pick<AgentFacts, 'posture' | 'clock'>, former: SaidPosture | null, atMs: number): SaidPosture | null {
  if (facts.posture === undefined) return null;
  const values = readPosture(facts.posture);
  const { updateListsAt } = facts.posture;
  const sinceOf = (fact: PostureFact) => (former !== null && former.values[fact] === values[fact] ? former.since[fact] : { atMs, before: former?.values[fact] ?? null });
  const since = { 'secure-boot': sinceOf('secure-boot'), disk: sinceOf('disk'), updates: sinceOf('updates'), edr: sinceOf('edr') };
  // How old the lists are is told by the host's own clock, on both sides.
  return { values, atMs, listsAtMs: updateListsAt === null ? null : atMs - (facts.clock - updateListsAt) * 1000, since };
}

/** As the host says it, however old its package lists are. Pure. */
export function readPosture({ secureBoot, diskEncryption, securityUpdates, updateListsAt, edr }: NonNullable<AgentFacts['posture']>): Posture {
  const isRootTold = diskEncryption.some(({ mount }) => mount === '/');
  const disks = diskEncryption.map(({ encrypted }) => encrypted);
  return {
    'secure-boot': secureBoot === null ? 'unknown' : secureBoot ? 'on' : 'off',
    disk: disks.includes(false) ? 'plain' : !isRootTold || disks.includes(null) ? 'unknown' : 'encrypted',
    updates: securityUpdates === null ? 'unknown' : securityUpdates > 0 ? 'pending' : updateListsAt === null ? 'unknown' : 'current',
    edr: edr === null ? 'unknown' : edr.length > 0 ? 'present' : 'absent',
  };
}

/** As it counts at `nowMs`, looked at once a day (UTC): what is compiled in the morning holds all day. Never said: all unknown. */
export const postureAt = (said: SaidPosture | null, nowMs: number): Posture => (said === null ? UNKNOWN_POSTURE : Posture.parse(Object.fromEntries(listPostureParts(said, nowMs).map(({ fact, value }) => [fact, value]))));

/** The same with since when, in the order of `POSTURE_FACTS`. */
export function listPostureParts(said: SaidPosture | null, nowMs: number): PosturePart[] {
  const dayMs = Math.floor(nowMs / DAY_MS) * DAY_MS;
  return POSTURE_FACTS.map((fact): PosturePart => {
    if (said === null) return { fact, value: 'unknown', sinceMs: null, before: null };
    const [value, since] = [said.values[fact], said.since[fact]];
    const endsMs = Math.min(said.atMs, fact === 'updates' && value === 'current' ? (said.listsAtMs ?? 0) : said.atMs) + holdsMs;
    if (value !== 'unknown' && endsMs < dayMs) return { fact, value: 'unknown', sinceMs: Math.max(endsMs, since.atMs), before: value };
    return { fact, value, sinceMs: since.atMs, before: since.before };
  });
}
