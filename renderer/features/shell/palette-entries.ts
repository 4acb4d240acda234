import type { SearchHit } from '../../../shared/contract/search.ts';
import { matchScore } from '../../../shared/search/match-score.ts';
import { PALETTE_COMMANDS, type PaletteCommand } from './palette-commands.ts';

export type PaletteEntry = { readonly id: string; readonly title: string; readonly detail: string; readonly group: string; readonly what: { readonly kind: 'command'; readonly command: PaletteCommand } | { readonly kind: 'hit'; readonly hit: SearchHit } };

export const KIND_WORDS: Record<SearchHit['kind'], string> = { host: 'Host', zone: 'Zone', rule: 'Rule', service: 'Service', iplist: 'IP list', view: 'View', address: 'Address', flow: 'Flow' };

const ofCommand = (command: PaletteCommand): PaletteEntry => ({ id: `command ${command.id}`, title: command.title, detail: command.detail, group: 'Command', what: { kind: 'command', command } });
const ofHit = (hit: SearchHit, i: number): PaletteEntry => ({ id: `${hit.kind} ${hit.name} ${i}`, title: hit.title, detail: hit.detail, group: KIND_WORDS[hit.kind], what: { kind: 'hit', hit } });

/** Without a text all commands; else commands and what the backend found, best first. A command wins where both fit equally well: it costs one key to find out that it was not meant. */
export function paletteEntries(text: string, hits: readonly SearchHit[]): PaletteEntry[] {
  if (text.trim() === '') return PALETTE_COMMANDS.map(ofCommand);
  const commands = PALETTE_COMMANDS.map((command) => ({ entry: ofCommand(command), score: matchScore(text, [command.title, command.detail]) }));
  const found = hits.map((hit, i) => ({ entry: ofHit(hit, i), score: hit.score }));
  return [...commands, ...found]
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
    .map(({ entry }) => entry);
}
