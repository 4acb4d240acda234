import type { DraftVerdict } from '../../shared/model/flow.ts';
import { type FlowJudgement, toDraftVerdict } from '../../shared/policy/judge-flow.ts';
import type { StoredFlow } from '../db/flow-query.ts';
import type { CompiledDraft } from './draft-compiled.ts';

/** What the draft would do with the flow at the host that reported it; where that host only observes, whether a rule explains it already. */
export function readDraftVerdict(compiled: CompiledDraft, flow: StoredFlow): DraftVerdict {
  const judgement = compiled.judge(flow);
  if (judgement.kind !== 'observed' || flow.direction === 'forward') return toDraftVerdict(judgement);
  const zone = compiled.zones.get(flow.reporter)?.zone?.name;
  return { kind: 'observed', why: `${zone === undefined ? 'in no zone' : `zone ${zone} observes`}; ${describe(compiled.explain(flow))}` };
}

function describe(explained: FlowJudgement): string {
  if (explained.kind !== 'decided') return explained.why;
  const by = explained.by === 'essential' ? 'the essential block' : `rule ${explained.by ?? ''}`;
  if (explained.verdict === 'allowed') return `${by} explains it`;
  return explained.by === null ? 'no rule explains it yet' : `${by} denies it`;
}
