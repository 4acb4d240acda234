import type { Peer } from '../../../shared/model/peer.ts';
import type { SuggestWidth } from '../../../shared/policy/suggest-options.ts';
import type { Parsed } from '../../../shared/text/parsed.ts';
import { parsePeer } from '../../../shared/text/peer-text.ts';

/** What a person chose for the suggestions. `zone` is empty for all; `setAside` is as typed. */
export type SuggestChoices = { readonly zone: string; readonly maxWidth: SuggestWidth; readonly wholeRoles: boolean; readonly setAside: string; readonly keepScanners: boolean };

export const FIRST_CHOICES: SuggestChoices = { zone: '', maxWidth: 'role', wholeRoles: false, setAside: '', keepScanners: false };

/** Nobody where nothing is typed. */
export function readSetAside(typed: string): Parsed<Peer[]> {
  if (typed.trim() === '') return { ok: true, value: [] };
  const peer = parsePeer(typed);
  return peer.ok ? { ok: true, value: [peer.value] } : peer;
}

/** What is asked of the backend. */
export function toSuggestQuery(choices: SuggestChoices) {
  const setAside = readSetAside(choices.setAside);
  return {
    zone: choices.zone === '' ? null : choices.zone,
    sinceMs: null,
    maxWidth: choices.maxWidth,
    wholeRoles: choices.wholeRoles && choices.maxWidth === 'role',
    setAside: setAside.ok ? setAside.value : [],
    keepScanners: choices.keepScanners,
  };
}
