import type { PolicyVersionId } from '../../shared/model/ids.ts';
import type { Peer } from '../../shared/model/peer.ts';
import type { Policy } from '../../shared/model/policy.ts';
import { getAddress } from '../../shared/net/address.ts';
import { containsAddress } from '../../shared/net/range-set.ts';
import { ESSENTIAL_TEXTS } from '../../shared/policy/essential.ts';
import { findNewestVersion } from '../db/version-store.ts';
import type { BackendContext } from './backend-context.ts';
import { assertNoIssues, checkPeer } from './check-policy.ts';
import { isDraftChanged } from './draft.ts';
import { readCompiledDraft } from './draft-compiled.ts';

export type DraftView = {
  policy: Policy;
  version: PolicyVersionId | null;
  changed: boolean;
  overlaps: { host: string; zones: string[] }[];
  essential: { name: string; text: string }[];
};

/** The draft with what its order decides: hosts that more than one zone selects, first zone first. */
export function readDraftView(ctx: BackendContext): DraftView {
  const compiled = readCompiledDraft(ctx);
  const overlaps = compiled.fleet.flatMap((host) => {
    const { zone, alsoMatches } = compiled.zones.get(host.id) ?? { zone: null, alsoMatches: [] };
    return zone === null || alsoMatches.length === 0 ? [] : [{ host: host.name, zones: [zone.name, ...alsoMatches] }];
  });
  return {
    policy: compiled.written,
    version: findNewestVersion(ctx.workspace.read)?.id ?? null,
    changed: isDraftChanged(ctx),
    overlaps,
    essential: ESSENTIAL_TEXTS.map(({ name, text }) => ({ name, text })),
  };
}

/** Names of the hosts that the peer means now, by name; empty: nobody. @throws INPUT_INVALID */
export function listPeerMatches(ctx: BackendContext, input: Peer): string[] {
  const compiled = readCompiledDraft(ctx);
  const { peer, issues } = checkPeer(input, 'peer', { hosts: new Set(compiled.fleet.map((h) => h.name)), policy: compiled.policy });
  assertNoIssues(issues);
  const { covers } = compiled.resolver().resolvePeer(peer);
  const matches = compiled.fleet.filter((host) => {
    if (covers.kind === 'everyone') return true;
    return covers.kind === 'hosts' ? covers.ids.has(host.id) : host.addresses.some((a) => containsAddress(covers.ranges, getAddress(a)));
  });
  return matches.map((h) => h.name);
}
