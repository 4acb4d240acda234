import type { NamedListView, NamesView } from '../../shared/contract/name-views.ts';
import type { NameLedger } from '../../shared/model/name-ledger.ts';
import { DEFAULT_NAME_DAYS, type IpList } from '../../shared/model/policy.ts';
import type { NameAnswers } from '../../shared/policy/name-answers.ts';
import { describeNameDrift, findNameDrift, type NameDrift } from '../../shared/policy/name-drift.ts';
import type { BackendContext } from './backend-context.ts';
import { type CompiledDraft, readCompiledDraft } from './draft-compiled.ts';
import { findScope, type PlanScope } from './plan-scope.ts';
import { readNameLedger } from './resolved-policy.ts';

/** An address that every host sees has an entry a host; more than these nobody reads. */
const MAX_SIGHTINGS = 50;
const MAX_QUESTIONS = 200;

/** What the names of the draft's lists mean, by whose word, and what of it hosts do not run yet. Asks nobody. */
export function readNames(ctx: BackendContext): NamesView {
  const compiled = readCompiledDraft(ctx);
  if (compiled.names.length === 0) return { lists: [] };
  const ledger = readNameLedger(ctx);
  const drift = readNameDrift(ctx, compiled);
  return { lists: compiled.written.ipLists.flatMap((list) => (list.names === undefined ? [] : [toView(compiled, list, ledger, drift)])) };
}

/** By what changed answers make hosts that have rules of ours differ from the draft. */
export function readNameDrift(ctx: BackendContext, compiled: CompiledDraft): NameDrift[] {
  const bundles = compiled.names.length === 0 ? null : compiled.bundles();
  return bundles === null ? [] : nameDriftOf(compiled, findScope(ctx, compiled.fleet, bundles, null));
}

/** The same for the hosts of a plan. Pure. */
export function nameDriftOf({ policy, names }: CompiledDraft, scope: PlanScope): NameDrift[] {
  const running = scope.hosts.flatMap(({ after, formerRuleset }) => (formerRuleset === null ? [] : [{ name: after.host.name, before: formerRuleset, after: after.ruleset }]));
  return findNameDrift(policy, names, running);
}

function toView(compiled: CompiledDraft, list: IpList, ledger: NameLedger, drift: readonly NameDrift[]): NamedListView {
  const nameOf = askerNames(compiled);
  return {
    list: list.name,
    days: list.nameDays ?? DEFAULT_NAME_DAYS,
    names: compiled.names
      .filter((named) => named.list === list.name)
      .map(({ name, answers }) => ({
        name,
        answers: answers.map(({ address, state, why, sightings }) => ({ address, state, why, sightings: sightings.slice(0, MAX_SIGHTINGS).map(({ seenBy, firstSeenAtMs, lastSeenAtMs, times }) => ({ seenBy: nameOf(seenBy), firstSeenAtMs, lastSeenAtMs, times })) })),
        questions: ledger.questions
          .filter((question) => question.name === name)
          .toSorted((a, b) => b.askedAtMs - a.askedAtMs)
          .slice(0, MAX_QUESTIONS)
          .map(({ seenBy, askedAtMs, problem }) => ({ askedBy: nameOf(seenBy), askedAtMs, problem })),
      })),
    drift: drift.filter((entry) => entry.list === list.name).map(describeNameDrift),
  };
}

/** The host's name; null for the console. */
export const askerNames =
  ({ hosts }: CompiledDraft) =>
  (seenBy: NameAnswers['answers'][number]['sightings'][number]['seenBy']): string | null =>
    seenBy === null ? null : (hosts.get(seenBy)?.name ?? seenBy);
