import type { Finding } from '../../model/finding.ts';
import type { NameSighting } from '../../model/name-ledger.ts';
import { countText } from '../../text/amount-text.ts';
import { type NameAnswers, usedAddresses } from '../name-answers.ts';
import { describeNameDrift } from '../name-drift.ts';
import { namedSubject, some } from './finding-text.ts';
import type { LintWorld } from './lint-input.ts';

const DAY_MS = 86_400_000;

/** What is wrong with host names in IP lists. At most one finding of a kind for a list: its evidence names the names. */
export function findNames({ names, nowMs }: LintWorld): Finding[] {
  if (names === undefined) return [];
  const drift = Map.groupBy(names.drift, ({ list }) => list);
  const about = (list: string, code: Finding['code'], severity: Finding['severity'], evidence: readonly string[], fix: string): Finding[] =>
    evidence.length === 0 ? [] : [{ code, severity, subject: namedSubject('iplist', list), others: [], evidence: `${evidence.slice(0, 5).join('; ')}${evidence.length > 5 ? `; and ${evidence.length - 5} more` : ''}.`, fix: { text: fix, act: null } }];
  return [...Map.groupBy(names.answers, ({ list }) => list)].flatMap(([list, named]) => [
    ...about(list, 'NAME_UNRESOLVED', 'warning', named.flatMap(describeNobody), `ask for it again (firebreak iplist resolve ${list}), correct it, or take it out of the list`),
    ...about(list, 'NAME_ANSWER_REFUSED', 'warning', named.flatMap((one) => describeRefused(one, names.nameOf)), `find out who answers so; if it is right, list the network in nameNetworks of ${list}`),
    ...about(list, 'NAME_ROTATES', 'warning', named.flatMap((one) => describeRotation(one, names.nameOf, nowMs)), 'send such traffic through a proxy, which sees names, and let hosts reach the proxy alone; a filter of addresses is always late here'),
    ...about(list, 'NAMES_DRIFTED', 'info', (drift.get(list) ?? []).map(describeNameDrift), 'look at the plan and push, so that hosts let in what the names mean now'),
  ]);
}

function describeNobody(named: NameAnswers): string[] {
  if (usedAddresses(named).length > 0) return [];
  return [named.answers.length === 0 ? `Nobody could resolve ${named.name}: it matches nobody` : `${countText(named.answers.length, 'answer')} to ${named.name}, and none that counts: it matches nobody`];
}

function describeRefused({ name, answers }: NameAnswers, nameOf: (seenBy: NameSighting['seenBy']) => string | null): string[] {
  const refused = answers.filter(({ state }) => state === 'refused');
  return refused.map(({ address, why, sightings }) => `${name} answers ${address} (said by ${some([...new Set(sightings.map(({ seenBy }) => nameOf(seenBy) ?? 'the console'))])}), which is not let in: ${why}`);
}

/** More than half of what an asker got within a day was new to it then, though it had asked before; two addresses at least, since one that moves has moved. */
function describeRotation({ name, answers }: NameAnswers, nameOf: (seenBy: NameSighting['seenBy']) => string | null, nowMs: number): string[] {
  const byAsker = Map.groupBy(answers.flatMap(({ sightings }) => sightings), ({ seenBy }) => seenBy);
  const rotating = [...byAsker].flatMap(([seenBy, sightings]) => {
    const hadAsked = sightings.some(({ firstSeenAtMs }) => firstSeenAtMs < nowMs - DAY_MS);
    const recent = sightings.filter(({ lastSeenAtMs }) => lastSeenAtMs >= nowMs - DAY_MS);
    const fresh = recent.filter(({ firstSeenAtMs }) => firstSeenAtMs >= nowMs - DAY_MS);
    return hadAsked && fresh.length >= 2 && fresh.length * 2 > recent.length ? [{ who: nameOf(seenBy) ?? 'the console', fresh: fresh.length, recent: recent.length }] : [];
  });
  const [first] = rotating;
  return first === undefined ? [] : [`${name} rotates: ${first.fresh} of ${countText(first.recent, 'address')} that ${first.who} got within a day were new`];
}
