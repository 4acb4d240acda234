import type { NameSighting } from '../model/name-ledger.ts';
import { canonicalText } from '../net/address.ts';
import { agoText } from '../text/ago-text.ts';
import { type NameAnswers, usedAddresses } from './name-answers.ts';

type World = { readonly names: readonly NameAnswers[]; readonly nameOf: (seenBy: NameSighting['seenBy']) => string | null; readonly nowMs: number };
const SHOWN = 3;

/** A sentence about one end of a connection. */
export type NameStep = { readonly where: string; readonly text: string };

/** The steps that say by which list, name and entry of the ledger an end is known, for an address; none for anything else. `where` is the end. */
export function explainNames(where: string, end: string, { names, nameOf, nowMs }: World): NameStep[] {
  const address = canonicalText(end);
  return names.flatMap(({ list, name, answers }) =>
    answers
      .filter((answer) => answer.address === address)
      .map(({ state, why, sightings }): NameStep => {
        const entries = sightings.slice(0, SHOWN).map((seen) => `seen by ${nameOf(seen.seenBy) ?? 'the console'} ${seen.times === 1 ? 'once' : `${seen.times} times`}, first on ${dayOf(seen.firstSeenAtMs)}, last ${agoText(seen.lastSeenAtMs, nowMs)}`);
        const more = sightings.length > SHOWN ? `, and by ${sightings.length - SHOWN} more` : '';
        const means = state === 'used' ? `is in IP list ${list} as ${name}` : `is an answer to ${name} in IP list ${list}, and does not count: ${why}`;
        return { where, text: `${address} ${means}; ${entries.join('; ')}${more}` };
      }),
  );
}

/** The address that stands for a name of a list in an explanation, the most trusted one; null for what is no such name, or means nobody. */
export function addressOfName(end: string, names: readonly NameAnswers[]): string | null {
  const typed = end.trim().toLowerCase().replace(/\.$/, '');
  return names.filter(({ name }) => name === typed).flatMap(usedAddresses)[0] ?? null;
}

const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);
