import type { ComparedKey } from '../../../shared/contract/contract-host-keys.ts';
import type { OnboardedHost, OnboardOutcome } from '../../../shared/contract/onboarding.ts';
import type { KeyVerdict } from '../../../shared/model/host-key.ts';
import type { Meaning } from '../../ui/Mark.tsx';

type Look = { readonly meaning: Meaning; readonly text: string; readonly rank: number };

const KEYS: Readonly<Record<KeyVerdict, Look>> = {
  revoked: { meaning: 'blocked', text: 'Refused: revoked', rank: 0 },
  changed: { meaning: 'blocked', text: 'Refused: another key is pinned', rank: 0 },
  'not-as-listed': { meaning: 'blocked', text: 'Refused: not the listed key', rank: 0 },
  unlisted: { meaning: 'would-block', text: 'In no list', rank: 2 },
  listed: { meaning: 'allowed', text: 'As listed', rank: 3 },
  pinned: { meaning: 'allowed', text: 'Pinned already', rank: 4 },
};
const NOT_REACHED: Look = { meaning: 'unknown', text: 'Not reached', rank: 1 };

/** Colour, glyph and words of what a presented key is; null: the host could not be asked. */
export const keyLook = (verdict: KeyVerdict | null): Look => (verdict === null ? NOT_REACHED : KEYS[verdict]);

/** What needs a hand first; else in the order given. */
export const sortKeys = (rows: readonly ComparedKey[]): readonly ComparedKey[] => rows.toSorted((a, b) => keyLook(a.verdict).rank - keyLook(b.verdict).rank);

const OUTCOMES: Readonly<Record<OnboardOutcome, Look>> = {
  failed: { meaning: 'blocked', text: 'Failed', rank: 0 },
  stopped: { meaning: 'unknown', text: 'Not begun', rank: 1 },
  done: { meaning: 'allowed', text: 'Onboarded', rank: 2 },
  already: { meaning: 'allowed', text: 'Done before', rank: 3 },
};
const STEPS = { key: 'its key', check: 'the check', install: 'the install', collect: 'the first flows' } as const;

export function outcomeLook({ outcome, step }: Pick<OnboardedHost, 'outcome' | 'step'>): Look {
  const look = OUTCOMES[outcome];
  return outcome === 'failed' && step !== null ? { ...look, text: `Failed at ${STEPS[step]}` } : look;
}

export const sortOutcomes = (hosts: readonly OnboardedHost[]): readonly OnboardedHost[] => hosts.toSorted((a, b) => OUTCOMES[a.outcome].rank - OUTCOMES[b.outcome].rank);

/** `2 onboarded, 1 failed`: only what there is. */
export function countOutcomes(hosts: readonly OnboardedHost[]): string {
  const groups = Map.groupBy(sortOutcomes(hosts), ({ outcome }) => outcome);
  return [...groups].map(([outcome, some]) => `${some.length} ${OUTCOMES[outcome].text.toLowerCase()}`).join(', ');
}
