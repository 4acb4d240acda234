import type { FleetHost } from '../../shared/model/host.ts';
import type { Policy } from '../../shared/model/policy.ts';
import { findPostureFact, Posture, type PosturePart } from '../../shared/model/posture.ts';
import type { SelectorSet } from '../../shared/model/selector.ts';
import { isLive } from '../../shared/policy/resolve.ts';
import { matchesSelectorSet } from '../../shared/policy/select.ts';
import { listPostureParts } from '../../shared/posture/say-posture.ts';
import { printPosturePart } from '../../shared/text/posture-text.ts';
import { printSelectorSet } from '../../shared/text/selector-text.ts';
import { listPushes } from '../db/push-store.ts';
import type { BackendContext } from './backend-context.ts';
import { readHostStates } from './host-records.ts';

const MAX_SAID = 10;

/** Hosts that a selector of the draft means, or no longer means, because of what changed in their posture since the last push. Sentences without a full stop. */
export function listPostureWarnings(ctx: BackendContext, policy: Policy, fleet: readonly FleetHost[]): string[] {
  const uses = listUses(policy, ctx.nowMs());
  const sinceMs = listPushes(ctx.workspace.read, { limit: 1, outcomes: ['confirmed', 'partly'] })[0]?.startedAtMs;
  if (uses.length === 0 || sinceMs === undefined) return [];
  const states = readHostStates(ctx);
  const texts = fleet.flatMap((host) => {
    const parts = listPostureParts(states.get(host.id)?.network?.posture ?? null, ctx.nowMs());
    const moved = parts.filter((part) => part.sinceMs !== null && part.sinceMs > sinceMs && (part.before ?? 'unknown') !== part.value);
    return moved.length === 0 ? [] : describeHost(host, moved, uses);
  });
  return texts.length <= MAX_SAID ? texts : [...texts.slice(0, MAX_SAID), `Posture moves hosts in ${texts.length - MAX_SAID} more places`];
}

/** A selector that names posture, and what it selects for. */
type Use = { readonly set: SelectorSet; readonly text: string; readonly keys: ReadonlySet<string> };

function listUses({ rules, zones }: Policy, nowMs: number): Use[] {
  const peers = rules.filter((rule) => isLive(rule, nowMs)).flatMap(({ from, to }) => [from, to]);
  const named = [...zones.map(({ name, select }) => ({ set: select, text: `zone ${name} (${printSelectorSet(select)})` })), ...peers.flatMap((peer) => (peer.kind === 'selector' ? [{ set: peer.select, text: printSelectorSet(peer.select) }] : []))];
  const uses = named.map((use) => ({ ...use, keys: new Set([...use.set.include, ...use.set.exclude].flatMap(({ terms }) => terms.map(({ key }) => key)).filter((key) => findPostureFact(key) !== undefined)) }));
  return [...new Map(uses.filter(({ keys }) => keys.size > 0).map((use) => [use.text, use])).values()];
}

function describeHost(host: FleetHost, moved: readonly PosturePart[], uses: readonly Use[]): string[] {
  const now = host.posture;
  if (now === undefined) return [];
  const former = { ...host, posture: Posture.parse({ ...now, ...Object.fromEntries(moved.map(({ fact, before }) => [fact, before ?? 'unknown'])) }) };
  return uses.flatMap(({ set, text, keys }) => {
    const [was, is] = [matchesSelectorSet(set, former), matchesSelectorSet(set, host)];
    if (was === is) return [];
    const because = moved.filter(({ fact }) => keys.has(`posture.${fact}`)).map(printPosturePart);
    return [`${host.name} is ${is ? 'now' : 'no longer'} in ${text}, because ${because.join(' and ')}`];
  });
}
