import type { ContainmentView } from '../../shared/contract/containment.ts';
import { isInForce } from '../../shared/model/containment.ts';
import { describeContainmentShort } from '../../shared/policy/describe-containment.ts';
import { listAppliedContainments } from '../db/bundle-store.ts';
import { listHosts } from '../db/host-store.ts';
import type { BackendContext } from './backend-context.ts';
import { readBasePolicy, readDraft } from './draft.ts';

/** Those of the draft, then those that were pushed and that the draft no longer has. */
export function listContainments(ctx: BackendContext): ContainmentView[] {
  const draft = readDraft(ctx).policy.containments;
  const known = new Set(draft.map(({ id }) => id));
  const pushed = readBasePolicy(ctx).containments.filter(({ id }) => !known.has(id));
  const names = new Map(listHosts(ctx.workspace.read).map((host) => [host.id, host.name]));
  const held = listAppliedContainments(ctx.workspace.read);
  return [...draft, ...pushed].map((containment): ContainmentView => {
    const hosts = held.flatMap(({ host, containments }) => (containments.has(containment.id) ? [names.get(host) ?? ''] : [])).filter((name) => name !== '');
    const isLive = isInForce(containment, ctx.nowMs());
    return { containment, text: describeContainmentShort(containment), state: !isLive ? 'ended' : hosts.length > 0 ? 'in-force' : 'not-pushed', hosts: hosts.toSorted() };
  });
}
