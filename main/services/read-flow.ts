import type { Flow } from '../../shared/model/flow.ts';
import type { StoredFlow } from '../db/flow-query.ts';
import { type FlowNames, peerNameOf } from './flow-names.ts';

/** A stored flow with the names of now. Of a forwarded one the destination is part of the peer's name. */
export function readFlow(names: FlowNames, { forwardTo, ...stored }: StoredFlow): Flow {
  const forwarded = forwardTo === null ? '' : ` → ${peerNameOf(names, forwardTo)}`;
  return {
    ...stored,
    reporterName: names.host(stored.reporter)?.name ?? stored.reporter,
    peerHost: names.address(stored.peerAddress).host?.id ?? null,
    peerName: peerNameOf(names, stored.peerAddress) + forwarded,
  };
}
