import { createBatchJudge } from '../../../shared/policy/batch-judge.ts';
import { createFlowJudge, type FlowJudgement } from '../../../shared/policy/judge-flow.ts';
import { syntheticFlows } from './synthetic-flows.ts';
import { BENCH_NOW_MS, syntheticSite } from './synthetic-site.ts';
import { addTiming, NO_TIME, peakMb, type Size, type TaskResult, timed } from './timing.ts';

const COMPARED = 20_000;

/**
 * Draft verdicts of all flows. They come in parts, of which only one is in memory at a time; making them is not measured. The single judge gets the
 * first ones, for the ratio of the two in one run; it must say the same.
 */
export function measureVerdicts(size: Size): TaskResult {
  const site = syntheticSite(1, size);
  const made = timed(() => createBatchJudge(site.policy, site.hosts, { nowMs: BENCH_NOW_MS }));
  const judge = made.value;
  let times = NO_TIME;
  let allowed = 0;
  for (const part of syntheticFlows(site, 2, size.flows)) {
    const { value, timing } = timed(() => part.reduce((sum, flow) => sum + countAllowed(judge(flow)), 0));
    times = addTiming(times, timing);
    allowed += value;
  }
  const sample = [...syntheticFlows(site, 2, Math.min(COMPARED, size.flows))].flat();
  const single = createFlowJudge(site.policy, site.hosts, { nowMs: BENCH_NOW_MS });
  const compared = timed(() => sample.map((flow) => countAllowed(single(flow))));
  sample.forEach((flow, i) => {
    if (countAllowed(judge(flow)) !== compared.value[i]) throw new Error(`the two judges differ about flow ${flow.id}`);
  });
  const counts = { flows: size.flows, perSecond: (size.flows / times.cpuMs) * 1000, singlePerSecond: (sample.length / compared.timing.cpuMs) * 1000, allowedShare: allowed / size.flows };
  return { times: { make: made.timing, judge: times }, counts, peakMb: peakMb() };
}

const countAllowed = (judgement: FlowJudgement): number => (judgement.kind === 'decided' && judgement.verdict === 'allowed' ? 1 : 0);
