import { listHosts } from '../db/host-store.ts';
import type { BackendContext } from './backend-context.ts';
import { readWaiting } from './host-labels.ts';
import { describePending } from './label-claims.ts';
import type { PlanScope } from './plan-scope.ts';

const MAX_NAMED = 5;

/** What labels do to a plan: hosts that have come into another zone, and what hosts say that does not count. Sentences without a full stop. */
export function listLabelWarnings(ctx: BackendContext, scope: PlanScope): string[] {
  return [...describeMoves(scope), ...describeWaiting(ctx)];
}

/** A host that was last pushed as one of a zone and is now one of another, or of none: by its labels, or by the zones. */
function describeMoves(scope: PlanScope): string[] {
  const moved = scope.hosts.flatMap(({ former, after }) => (former === null || former.zone === null || former.zone === after.zone ? [] : [{ way: `from zone ${former.zone} to ${after.zone === null ? 'none, where it is only observed' : after.zone}`, name: after.host.name }]));
  return [...Map.groupBy(moved, ({ way }) => way)].map(([way, of]) => `Moved ${way} since the last push: ${cut(of.map(({ name }) => name))}`);
}

function describeWaiting(ctx: BackendContext): string[] {
  const hosts = listHosts(ctx.workspace.read);
  const waiting = readWaiting(ctx, hosts);
  if (waiting.length === 0) return [];
  const names = new Map(hosts.map((host) => [host.id, host.name]));
  const texts = waiting.map((pending) => `${names.get(pending.claim.host) ?? pending.claim.host} (${describePending('', pending)})`);
  return [`What hosts say about themselves would change labels and does not count until somebody accepts it: ${cut(texts)}`];
}

const cut = (texts: readonly string[]): string => texts.slice(0, MAX_NAMED).join(', ') + (texts.length > MAX_NAMED ? ` and ${texts.length - MAX_NAMED} more` : '');
