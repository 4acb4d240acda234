import type { TemplateOutcome } from '../../shared/contract/templates.ts';
import type { Template } from '../../shared/policy/template.ts';
import type { TemplateItem } from '../../shared/policy/template-merge.ts';
import { formatTable } from './table.ts';

/** Everything that a template's file says, for reading. */
export function formatTemplate(template: Template): string {
  const entriesOf = (entries: string | readonly string[]) => (typeof entries === 'string' ? entries : entries.join(','));
  return [
    `${template.title}\n${template.purpose}`,
    formatTable(['PARAMETER', 'DEFAULT', 'IS'], template.parameters.map(({ name, default: text, what }) => [name, text, what])),
    formatTable(['SERVICE', 'PORTS', 'IS', 'SOURCE'], template.services.map(({ name, entries, what, source }) => [name, entriesOf(entries), what, source])),
    ...template.zones.map((zone) => `Zone ${zone.name} selects ${zone.select}, observe${zone.onlyServices === undefined ? '' : `, refuses by default only ${zone.onlyServices.join(', ')}`}`),
    formatTable(['RULE', 'FROM', 'TO', 'SERVICES', 'REASON'], template.rules.map(({ action, from, to, services, reason }) => [action, from, to, services.join(','), reason])),
    ['Tests:', ...template.tests.map(({ expect, from, to, service }) => `  ${from} ${expect === 'allow' ? 'can' : 'cannot'} reach ${to} on ${service}`)].join('\n'),
    ['Not covered:', ...template.limits.map((text) => `  - ${text}`)].join('\n'),
  ].join('\n\n');
}

const WORDS: Record<TemplateItem['state'], { done: string; dry: string }> = {
  new: { done: 'added', dry: 'would add' },
  there: { done: 'there already', dry: 'there already' },
  differs: { done: 'kept', dry: 'would keep' },
  'left-out': { done: 'left out', dry: 'would leave out' },
};

/** Who each end is now, what became of each part, and what comes next. */
export function formatOutcome(outcome: TemplateOutcome, isDryRun: boolean): string {
  const ends = outcome.ends.map(({ parameter, text, hosts }) => [parameter, text, hosts === null ? '-' : hosts.length === 0 ? 'NOBODY' : hosts.slice(0, 8).join(' ') + (hosts.length > 8 ? ` … (${hosts.length} in all)` : '')]);
  const items = outcome.items.map(({ what, text, state, note }) => [WORDS[state][isDryRun ? 'dry' : 'done'], what, `${text}${note === '' ? '' : ` (${note})`}`]);
  const added = outcome.items.filter(({ state }) => state === 'new').length;
  const next = isDryRun ? 'Nothing was changed; without --dry-run it is added to the draft.' : added === 0 ? 'Nothing was added to the draft.' : 'See what that changes: firebreak plan';
  return [formatTable(['PARAMETER', 'VALUE', 'HOSTS NOW'], ends), formatTable(['DRAFT', 'WHAT', 'TEXT'], items), next].join('\n\n');
}
