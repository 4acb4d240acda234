import { serviceText } from '../../editors/draft-from-flow.ts';
import { EMPTY_RULE_FORM, type NewRule, type RuleForm, readRuleForm } from '../../editors/rule-form.ts';
import { mapEndOf } from './map-end.ts';
import { type DrawnEdge, type MapModel, shownVerdict } from './map-model.ts';

/** A rule for what goes from one end to another; `rule` is null where there cannot be one, and `problem` says why and what to do. */
export type Proposal = { readonly key: string; readonly from: string; readonly to: string; readonly services: readonly string[]; readonly rule: NewRule | null; readonly problem: string | null };

/** A rule with more services than this is none that anybody has looked at. */
const MAX_SERVICES = 30;

/** One rule for each pair of ends, with the services that nothing allows yet in the shown view; edges that a rule explains already give none. Pure. */
export function proposeRules(model: MapModel, edges: readonly DrawnEdge[]): readonly Proposal[] {
  const open = edges.map((edge) => ({ ...edge, parts: edge.parts.filter((part) => shownVerdict(part, model.lens) !== 'allowed') })).filter((edge) => edge.parts.length > 0);
  const pairs = Map.groupBy(open, (edge) => {
    const [from, to] = [mapEndOf(model, edge.source), mapEndOf(model, edge.target)];
    return `${from.rulePeer === '' ? from.label : from.rulePeer} → ${to.rulePeer === '' ? to.label : to.rulePeer}`;
  });
  return [...pairs].flatMap(([key, members]) => {
    const [first] = members;
    return first === undefined ? [] : [propose(model, key, first, [...new Set(members.flatMap((edge) => edge.parts.map(serviceText)))])];
  });
}

function propose(model: MapModel, key: string, { source, target }: DrawnEdge, services: readonly string[]): Proposal {
  const [from, to] = [mapEndOf(model, source), mapEndOf(model, target)];
  const proposal = { key, from: from.rulePeer, to: to.rulePeer, services };
  const unsaid = [from, to].find((end) => end.rulePeer === '');
  if (unsaid !== undefined) return { ...proposal, rule: null, problem: `“${unsaid.label}” is no end of a rule. Open it and choose what is in it, or put its networks into an IP list.` };
  if (services.length > MAX_SERVICES) return { ...proposal, rule: null, problem: `${services.length} services are too many for one rule. Open both ends and choose single connections.` };
  const { rule, errors } = readRuleForm(formOf(from.rulePeer, to.rulePeer, services, `Seen: ${from.label} → ${to.label}`), null);
  return { ...proposal, rule, problem: rule === null ? (errors.from ?? errors.to ?? errors.services ?? errors.other ?? 'This cannot be written as a rule.') : null };
}

/** The rule form for what was seen between two ends. */
export const formOf = (from: string, to: string, services: readonly string[], reason: string): RuleForm => ({ ...EMPTY_RULE_FORM, from, to, services: services.join(','), reason });
