import type { FlowImpact } from '../../shared/model/diff.ts';
import type { FleetHost } from '../../shared/model/host.ts';
import { EMPTY_POLICY, type Policy } from '../../shared/model/policy.ts';
import type { HostId, PolicyVersionId } from '../../shared/model/ids.ts';
import { createImpactBook, type ImpactBook, RISK } from '../../shared/policy/flow-impact.ts';
import { findNewestBundleTime } from '../db/bundle-store.ts';
import { iterateStoredFlows, type StoredFlow } from '../db/flow-query.ts';
import { findVersionPolicy } from '../db/version-store.ts';
import type { BackendContext } from './backend-context.ts';
import type { CompiledDraft } from './draft-compiled.ts';
import { createFlowNames } from './flow-names.ts';
import { once } from './once.ts';
import type { PlannedHost } from './plan-scope.ts';
import { readFlow } from './read-flow.ts';
import { resolvePolicyAsOf } from './resolved-policy.ts';

const LOOK_BACK_DAYS = 30;
const MS_A_DAY = 86_400_000;
const MAX_ROWS = 500;
/** Newest first; older aggregates of a larger store are not looked at, so that a plan stays a matter of seconds. */
const MAX_FLOWS = 300_000;

type Input = { draft: CompiledDraft; changed: readonly PlannedHost[] };

/** The observed flows of the last 30 days, at hosts that change, whose verdict changes. `total` counts all, `rows` are the first 500. */
export function computeImpact(ctx: BackendContext, { draft, changed }: Input): { rows: FlowImpact[]; total: number } {
  const { policy, fleet } = draft;
  const names = once(() => createFlowNames(draft));
  const books = new Map<HostId, ImpactBook<StoredFlow>>();
  // Hosts may run different versions after a push of one zone only.
  const groups = [...Map.groupBy(changed, (host) => host.former?.version ?? null)].map(([version, hosts]) => {
    const before = { policy: policyAsSent(ctx, version, fleet), hosts: fleet };
    const book = createImpactBook<StoredFlow>(before, { policy, hosts: fleet }, { nowMs: ctx.nowMs() }, (flow) => readFlow(names(), flow));
    for (const host of hosts) books.set(host.after.host.id, book);
    return book;
  });
  if (books.size > 0) addFlows(ctx, books);
  const rows = groups.flatMap((book) => book.rows());
  const merged = groups.length > 1 ? sortByRisk(rows) : rows;
  return { rows: merged.slice(0, MAX_ROWS), total: merged.length };
}

/** A version's policy (the empty one for none) with what its names meant when it was last sent anywhere, so that answers that changed since show in the verdicts. */
export function policyAsSent(ctx: BackendContext, version: PolicyVersionId | null, fleet: readonly FleetHost[]): Policy {
  const policy = version === null ? undefined : findVersionPolicy(ctx.workspace.read, version);
  if (version === null || policy === undefined) return EMPTY_POLICY;
  return resolvePolicyAsOf(ctx, policy, fleet, findNewestBundleTime(ctx.workspace.read, version) ?? ctx.nowMs());
}

const sortByRisk = (rows: readonly FlowImpact[]): FlowImpact[] => rows.toSorted((a, b) => RISK.indexOf(a.change) - RISK.indexOf(b.change) || b.connections - a.connections);

function addFlows(ctx: BackendContext, books: ReadonlyMap<HostId, ImpactBook<StoredFlow>>): void {
  const filter = { sinceMs: ctx.nowMs() - LOOK_BACK_DAYS * MS_A_DAY, untilMs: null, verdict: null, consumer: null, provider: null, text: null, textEnds: null };
  let looked = 0;
  for (const flow of iterateStoredFlows(ctx.workspace.read, filter)) {
    const book = books.get(flow.reporter);
    // Forwarded traffic is recorded and never judged.
    if (book === undefined || flow.forwardTo !== null) continue;
    book.add(flow);
    looked += 1;
    if (looked >= MAX_FLOWS) break;
  }
}
