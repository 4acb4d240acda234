import type { NameLedger, NameSighting } from '../model/name-ledger.ts';
import type { Policy } from '../model/policy.ts';
import { MAX_ANSWERS, type NameAnswer, type NameAnswers, usedAddresses } from './name-answers.ts';

/** A name is asked for with every collection; what is older says that nobody collects. */
const OLD_MS = 86_400_000;
const SHOWN = 3;

export type NameNoteInput = { readonly policy: Policy; readonly names: readonly NameAnswers[]; readonly ledger: NameLedger; readonly nameOf: (seenBy: NameSighting['seenBy']) => string | null; readonly nowMs: number };

/** What people must know of names before a push, in lists that rules or tests use. Sentences without a full stop; in the order of the lists. */
export function listNameNotes({ policy, names, ledger, nameOf, nowMs }: NameNoteInput): string[] {
  const used = new Set([...policy.rules, ...policy.tests].flatMap(({ from, to }) => [from, to]).flatMap((peer) => (peer.kind === 'iplist' ? [peer.ipList] : [])));
  const denied = new Set(policy.rules.filter(({ action }) => action === 'deny').flatMap(({ from, to }) => [from, to]).flatMap((peer) => (peer.kind === 'iplist' ? [peer.ipList] : [])));
  const who = (sightings: readonly NameSighting[]) => some([...new Set(sightings.map(({ seenBy }) => nameOf(seenBy) ?? 'this console'))]);
  return names
    .filter(({ list }) => used.has(list))
    .flatMap((named) => {
      const where = `${named.name} (IP list ${named.list})`;
      const of = (state: NameAnswer['state']) => named.answers.filter((answer) => answer.state === state);
      const problems = ledger.questions.filter(({ name }) => name === named.name).flatMap(({ problem, seenBy }) => (problem === null ? [] : [`${nameOf(seenBy) ?? 'this console'}: ${problem}`]));
      const nobody = usedAddresses(named).length > 0 ? [] : [`${where} matches nobody: ${named.answers.length > 0 ? 'no answer to it counts' : `nobody could resolve it${problems.length === 0 ? '' : ` (${some(problems)})`}`}${denied.has(named.list) ? ', so that deny rules with it stop nobody' : ''}; firebreak iplist resolve ${named.name}`];
      const alone = listSeenByHostsAlone(named);
      return [
        ...nobody,
        ...of('refused').map(({ address, why, sightings }) => `${where} answers ${address}, said by ${who(sightings)}, which is not let in: ${why}`),
        ...(of('over').length === 0 ? [] : [`${where} has ${of('over').length + MAX_ANSWERS} addresses, of which the first ${MAX_ANSWERS} count: it is a front that many share, for which a proxy is the tool`]),
        ...(alone.length === 0 ? [] : [`${where}: ${some(alone.map(({ address }) => address))} ${alone.length === 1 ? 'was' : 'were'} seen by ${who(alone.flatMap(({ sightings }) => sightings))} only, and not by this console, which sees others`]),
        ...describeAge(named, where, ledger, nowMs),
      ];
    });
}

/** Where the console sees the name too, what only hosts see may be their own view of the world (split DNS, a CDN), or a lie. */
function listSeenByHostsAlone({ answers }: NameAnswers): NameAnswer[] {
  const used = answers.filter(({ state }) => state === 'used');
  const isOfConsole = ({ sightings }: NameAnswer) => sightings.some(({ seenBy }) => seenBy === null);
  return used.some(isOfConsole) ? used.filter((answer) => !isOfConsole(answer)) : [];
}

function describeAge({ name, answers }: NameAnswers, where: string, { questions }: NameLedger, nowMs: number): string[] {
  if (answers.length === 0) return [];
  const askedAtMs = Math.max(0, ...questions.filter((question) => question.name === name).map((question) => question.askedAtMs));
  const days = Math.floor((nowMs - askedAtMs) / OLD_MS);
  return days < 1 ? [] : [`${where} was last asked for ${days} ${days === 1 ? 'day' : 'days'} ago; firebreak iplist resolve, or collect, asks anew`];
}

const some = (texts: readonly string[]): string => texts.slice(0, SHOWN).join(', ') + (texts.length > SHOWN ? ` and ${texts.length - SHOWN} more` : '');
