import type { Suggestion, SuggestionsView } from '../../shared/contract/suggest-views.ts';
import { countText } from '../../shared/text/amount-text.ts';
import { printPeer } from '../../shared/text/peer-text.ts';
import { printServiceRefs } from '../../shared/text/service-text.ts';
import { formatTable } from './table.ts';

const LINES_SHOWN = 20;

/** For people: the rules, what they come to, what was recognised, set aside and left unexplained. `ids` are of the rules that were added, in the same order; empty where none were. */
export function formatSuggestions({ suggestions, totals, unexplained, setAside, imported }: SuggestionsView, ids: readonly string[]): string[] {
  const row = (s: Suggestion, i: number) => [ids[i] ?? '-', printPeer(s.rule.from), printPeer(s.rule.to), printServiceRefs(s.rule.services), String(s.explains), String(s.connections), String(s.neverSeen)];
  const table = formatTable(['RULE', 'FROM', 'TO', 'SERVICES', 'EXPLAINS', 'CONNECTIONS', 'NEVER SEEN'], suggestions.map(row));
  const sum = `Explained: ${countText(totals.explained, 'conversation')} with ${countText(totals.connections, 'connection')}. Newly permitted though never seen: ${totals.neverSeen}. Left unexplained: ${countText(totals.unexplainedConnections, 'connection')}; set aside: ${totals.setAsideConnections}.`;
  const recognised = suggestions.flatMap(({ rule, recognised: shared }) => (shared === null ? [] : [`${shared.kind}, ${shared.why} (${printPeer(rule.from)} → ${printPeer(rule.to)})`]));
  const narrowed = suggestions.flatMap(({ rule, narrowed: wide }) => (wide === null ? [] : [`${printPeer(rule.from)} → ${printPeer(rule.to)}: ${wide}`]));
  return [
    ...(suggestions.length === 0 ? ['Nothing to suggest: every observed flow has a rule, or nothing was collected yet.'] : [table, sum]),
    ...listed('Shared services', recognised),
    ...listed('Narrowed to what was seen; --whole-roles keeps roles whole', narrowed),
    ...listed('Set aside; --keep-scanners takes scanners back in', setAside.map(({ text, connections }) => `${text} (${countText(connections, 'connection')})`)),
    ...listed('Left unexplained', unexplained),
    ...listed('Also from what was imported', imported.map(({ source, conversations }) => `${source}: ${countText(conversations, 'conversation')} that no agent recorded`)),
  ];
}

function listed(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const more = lines.length > LINES_SHOWN ? [`  and ${lines.length - LINES_SHOWN} more; --json has them all`] : [];
  return [`${title} (${lines.length}):`, ...lines.slice(0, LINES_SHOWN).map((line) => `  ${line}`), ...more];
}
