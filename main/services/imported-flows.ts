import type { HostId } from '../../shared/model/ids.ts';
import type { FlowFilter, StoredFlow } from '../db/flow-query.ts';
import { hasFlowSources } from '../db/flow-source-store.ts';
import { isRecorded } from '../db/flow-use.ts';
import { type ImportedFlow, iterateJoinedImports } from '../db/imported-flow-query.ts';
import type { ReadDb } from '../db/sql.ts';
import type { FlowNames } from './flow-names.ts';

type Ends = { consumer: string; provider: string };

/** Whose report an imported flow is shown as: the provider's, else the consumer's; null where neither end is a host of the workspace. */
export function reporterOf(names: FlowNames, { consumer, provider }: Ends): { reporter: HostId; direction: 'in' | 'out' } | null {
  const providing = names.address(provider).host;
  if (providing !== null) return { reporter: providing.id, direction: 'in' };
  const consuming = names.address(consumer).host;
  return consuming === null ? null : { reporter: consuming.id, direction: 'out' };
}

/** An imported flow in the form in which agents' flows are judged and suggested from; null where neither end is a host. */
export function asReported(names: FlowNames, flow: ImportedFlow): StoredFlow | null {
  const reported = reporterOf(names, flow);
  return reported === null ? null : { ...reported, ...withoutEnds(flow), peerAddress: reported.direction === 'in' ? flow.consumer : flow.provider, forwardTo: null };
}

/** What is known of an imported flow whoever its ends are: nothing that only an agent sees. Its id is below 0, as no agent's is. */
export function withoutEnds({ id, protocol, port, verdict, connections, firstSeenAtMs, lastSeenAtMs }: ImportedFlow): Omit<StoredFlow, 'reporter' | 'direction' | 'peerAddress' | 'forwardTo'> {
  return { id: -id, protocol, port, user: null, unit: null, process: null, processConfidence: 'unknown', zone: null, verdict, policyVersion: null, connections, firstSeenAtMs, lastSeenAtMs };
}

/**
 * What imports add to what agents recorded since then: each conversation once, however many sources tell it, and none that an agent at either end recorded itself.
 * So nothing is counted twice. What a host sent to itself is left out.
 */
export function* iterateAddedByImports(db: ReadDb, names: FlowNames, sinceMs: FlowFilter['sinceMs']): Generator<ImportedFlow, void, void> {
  if (!hasFlowSources(db)) return;
  for (const flow of iterateJoinedImports(db, sinceMs)) {
    const [consumer, provider] = [names.address(flow.consumer).host, names.address(flow.provider).host];
    if (consumer !== null && consumer.id === provider?.id) continue;
    const wasRecorded =
      (provider?.managed === true && isRecorded(db, { reporter: provider.id, direction: 'in', peerAddress: flow.consumer, ...flow }, sinceMs)) ||
      (consumer?.managed === true && isRecorded(db, { reporter: consumer.id, direction: 'out', peerAddress: flow.provider, ...flow }, sinceMs));
    if (!wasRecorded) yield flow;
  }
}
