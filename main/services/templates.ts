import type { TemplateOutcome } from '../../shared/contract/templates.ts';
import { FirebreakError } from '../../shared/errors.ts';
import type { Policy } from '../../shared/model/policy.ts';
import type { Template } from '../../shared/policy/template.ts';
import { leaveOut } from '../../shared/policy/template-left-out.ts';
import { itemsOfLeftOut, mergeTemplate } from '../../shared/policy/template-merge.ts';
import { readTemplateParts } from '../../shared/policy/template-parts.ts';
import { readTemplateValues, type TemplateValue, type TemplateValues } from '../../shared/policy/template-values.ts';
import type { BackendContext } from './backend-context.ts';
import { assertNoIssues, checkPeer } from './check-policy.ts';
import { editDraft, readDraft } from './draft.ts';
import { listFleet } from './fleet.ts';
import { listPeerMatches } from './policy-insight.ts';
import { readTemplates } from './template-files.ts';

type Use = { name: string; values: Readonly<Record<string, string>>; owner: string; ticket: string };

/** By name. */
export const listTemplates = (): Template[] => [...readTemplates()];

/** What applying it would do; nothing is changed. @throws NOT_FOUND · INPUT_INVALID with every wrong value under its parameter's name */
export function previewTemplate(ctx: BackendContext, use: Use): TemplateOutcome {
  return prepare(ctx, use).merge(readDraft(ctx).policy).outcome;
}

/** Adds to the draft what is not there yet. A second time nothing is written, not even to the audit log. @throws as previewTemplate */
export function applyTemplate(ctx: BackendContext, use: Use): TemplateOutcome {
  const { template, merge } = prepare(ctx, use);
  const preview = merge(readDraft(ctx).policy).outcome;
  const added = preview.items.filter(({ state }) => state === 'new');
  if (added.length === 0) return preview;
  const detail = added.map(({ what, text }) => `${what} ${text}`).join('; ');
  return editDraft(ctx, { action: 'templates.apply', subject: template.name, detail }, (draft) => {
    const { policy, outcome } = merge(draft);
    return { policy, result: outcome };
  });
}

function prepare(ctx: BackendContext, use: Use): { template: Template; merge: (draft: Policy) => { policy: Policy; outcome: TemplateOutcome } } {
  const template = readTemplates().find((one) => one.name === use.name);
  if (template === undefined) throw new FirebreakError('NOT_FOUND', { what: 'template', name: use.name, known: readTemplates().map((one) => one.name) });
  const read = readTemplateValues(template, use.values);
  if (!read.ok) throw new FirebreakError('INPUT_INVALID', { issues: [...read.issues] });
  const values = read.value;
  const fleet = listFleet(ctx);
  const hosts = new Set(fleet.map((host) => host.name));
  const { kept, leftOut } = leaveOut(template, values);
  const { parts } = readTemplateParts(kept, values);
  const rules = parts.rules.map((rule) => ({ ...rule, owner: use.owner, ticket: use.ticket }));
  const merge = (draft: Policy) => {
    assertNoIssues(checkEnds(values, { hosts, policy: draft }));
    const { policy, items } = mergeTemplate(draft, { ...parts, rules }, fleet, { nowMs: ctx.nowMs(), newRuleId: () => ctx.newId.rule() });
    const ends = template.parameters.map(({ name, default: text }) => ({ parameter: name, text: use.values[name] ?? text, hosts: hostsOf(ctx, values.get(name)) }));
    return { policy, outcome: { template: template.name, ends, items: [...items, ...itemsOfLeftOut(leftOut)] } };
  };
  return { template, merge };
}

/** Zones, hosts and IP lists that a value names must be there; each issue under its parameter's name. */
const checkEnds = (values: TemplateValues, known: Parameters<typeof checkPeer>[2]) => [...values].flatMap(([name, value]) => (value.kind === 'end' ? checkPeer(value.peer, name, known).issues : []));

function hostsOf(ctx: BackendContext, value: TemplateValue | undefined): string[] | null {
  if (value?.kind === 'hosts') return listPeerMatches(ctx, { kind: 'selector', select: value.select });
  return value?.kind === 'end' && value.peer.kind !== 'any' ? listPeerMatches(ctx, value.peer) : null;
}
