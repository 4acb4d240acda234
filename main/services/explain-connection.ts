import { describeError } from '../../shared/error-text.ts';
import { FirebreakError } from '../../shared/errors.ts';
import type { ExplainQuery, Explanation } from '../../shared/contract/explain-views.ts';
import { type Explained, type ExplainStep, explain } from '../../shared/policy/explain.ts';
import { addressOfName, explainNames } from '../../shared/policy/explain-names.ts';
import { bytesText, countText } from '../../shared/text/amount-text.ts';
import { ageText, timeText } from '../../shared/text/time-text.ts';
import { findBundle, findHostPolicy } from '../db/bundle-store.ts';
import { findCounters } from '../db/rule-counter-store.ts';
import type { BackendContext } from './backend-context.ts';
import { assertNoIssues, checkServiceRef } from './check-policy.ts';
import { type CompiledDraft, readCompiledDraft } from './draft-compiled.ts';
import { askerNames } from './names-view.ts';
import { readRuleCounters } from './rule-counters.ts';
import { readSeenBetween } from './seen-between.ts';

/**
 * Why one end may or may not reach the other by the draft, with what the hosts know of it: the counters of the deciding rules, and what was really seen. With `live` the
 * hosts whose rules decide are asked over SSH first; one that does not answer is said and stops nothing. A name of an IP list stands for one of its addresses, told with the entries of the ledger. @throws INPUT_INVALID
 */
export async function explainConnection(ctx: BackendContext, query: ExplainQuery, signal?: AbortSignal): Promise<Explanation> {
  const compiled = readCompiledDraft(ctx);
  const { policy, fleet, names } = compiled;
  assertNoIssues(checkServiceRef(query.service, 'service', { hosts: new Set(), policy }));
  const [from, to] = [addressOfName(query.from, names) ?? query.from, addressOfName(query.to, names) ?? query.to];
  const answer = explain(policy, fleet, { nowMs: ctx.nowMs() }, { ...query, from, to });
  if (!answer.ok) throw new FirebreakError('INPUT_INVALID', { issues: [...answer.issues] });
  const { verdict, steps, pair, pairs } = answer.value;
  const failures = query.live ? await readAll(ctx, compiled, answer.value, signal) : new Map<string, string>();
  const world = { names, nameOf: askerNames(compiled), nowMs: ctx.nowMs() };
  const ends = new Map([['source', from], ['destination', to]]);
  const listNames = (where: string) => explainNames(where, ends.get(where) ?? '', world).map((step) => ({ ...step, rule: null, ...without(null) }));
  const { seen, texts } = readSeenBetween(ctx, policy, pair, query.service);
  return {
    verdict,
    pair: { from: pair.from.name, to: pair.to.name },
    pairs: pairs === null ? null : { total: pairs.total, verdicts: [...pairs.verdicts] },
    steps: steps.flatMap((step) => [{ where: step.where, text: step.text, rule: step.rule, ...describeCounter(ctx, compiled, step, failures) }, ...listNames(step.where)]),
    seen,
    seenTexts: texts,
  };
}

/** Gives why a host could not be read, by its id; two hosts at most. */
async function readAll(ctx: BackendContext, compiled: CompiledDraft, { steps }: Explained, signal: AbortSignal | undefined): Promise<Map<string, string>> {
  const failures = new Map<string, string>();
  const ids = new Set(steps.flatMap(({ host, rule }) => (host === null || rule === null ? [] : [host])));
  for (const id of ids) {
    try {
      await readRuleCounters(ctx, compiled.hosts.get(id)?.name ?? '', signal);
    } catch (error) {
      if (!(error instanceof FirebreakError) || error.code === 'ABORTED') throw error;
      failures.set(id, describeError(error.code, error.payload).title.replace(/\.$/, ''));
    }
  }
  return failures;
}

type Counter = Pick<Explanation['steps'][number], 'counter' | 'counterText'>;
const without = (counterText: string | null): Counter => ({ counter: null, counterText });

function describeCounter(ctx: BackendContext, compiled: CompiledDraft, { host, direction, rule }: ExplainStep, failures: ReadonlyMap<string, string>): Counter {
  const name = host === null ? undefined : compiled.hosts.get(host)?.name;
  if (host === null || direction === null || rule === null || name === undefined) return without(null);
  const applied = findHostPolicy(ctx.workspace.read, host);
  const bundle = applied === undefined ? undefined : findBundle(ctx.workspace.read, host, applied.appliedBundle);
  if (bundle === undefined || !bundle.text.includes(`comment "${rule}"`)) return without(`${name} does not run this rule yet${bundle === undefined ? '' : ` (it runs ${bundle.version === null ? 'no policy version' : `version ${bundle.version}`})`}, so no kernel counts for it`);
  const failure = failures.get(host);
  const reading = findCounters(ctx.workspace.read, host);
  const failed = failure === undefined ? '' : `it could not be read now (${failure}); `;
  if (reading === undefined) return without(failure === undefined ? `the counter of ${rule} on ${name} was never read: ask with live counters (--live)` : `the counter of ${rule} on ${name} was never read; ${failed.slice(0, -2)}`);
  const readText = `read ${ageText(ctx.nowMs() - reading.readAtMs)} ago`;
  const found = reading.counters.find((counter) => counter.rule === rule && counter.direction === direction);
  if (found === undefined) return without(`${failed}the kernel of ${name} had no such rule when its counters were ${readText}`);
  const { packets, bytes } = found;
  const since = reading.sinceMs === null ? 'since its rules were loaded, which nobody knows when' : `since its rules were loaded ${timeText(reading.sinceMs)}`;
  return { counter: { packets, bytes, sinceMs: reading.sinceMs, readAtMs: reading.readAtMs }, counterText: `${failed}the kernel of ${name} counted ${countText(packets, 'packet')} (${bytesText(bytes)}) for ${rule} ${since}, ${readText}` };
}
