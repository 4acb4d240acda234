import { FirebreakError } from '../../shared/errors.ts';
import type { Exemption } from '../../shared/model/containment.ts';
import type { FleetHost } from '../../shared/model/host.ts';
import { Cidr } from '../../shared/model/peer.ts';
import type { ServiceEntry } from '../../shared/model/service.ts';
import { printExemption } from '../../shared/text/exemption-text.ts';
import { iterateStoredFlows } from '../db/flow-query.ts';
import type { BackendContext } from './backend-context.ts';
import { isOfService } from './flow-service.ts';

/** Nobody reads more, and each is an element of a set on its host. */
const MAX_PAIRS = 2_000;

type Asked = { providers: readonly FleetHost[]; fleet: readonly FleetHost[]; entries: readonly ServiceEntry[] | 'any'; period: { sinceMs: number; untilMs: number | null } };

/**
 * The pairs that connected on the services in the period, as the providers recorded them: what a consumer merely tried, or was refused, is no use. A period that
 * ends before an outbreak leaves out what it did. Sorted by their text.
 * @throws INPUT_INVALID where there are too many to be an exemption
 */
export function findUsedPairs(ctx: BackendContext, { providers, fleet, entries, period }: Asked): Exemption[] {
  const hostOf = new Map(fleet.flatMap((host) => host.addresses.map((address): [string, FleetHost] => [address, host])));
  const providerOf = new Map(providers.map((host) => [host.id, host]));
  const pairs = new Map<string, Exemption>();
  const filter = { ...period, verdict: null, consumer: null, provider: null, text: null, textEnds: null };
  for (const flow of iterateStoredFlows(ctx.workspace.read, filter)) {
    const provider = flow.direction === 'in' && flow.verdict !== 'blocked' ? providerOf.get(flow.reporter) : undefined;
    if (provider === undefined || !isOfService(entries, flow)) continue;
    const consumer = hostOf.get(flow.peerAddress);
    const from: Exemption['from'] = consumer === undefined ? { kind: 'cidr', cidrs: [Cidr.parse(flow.peerAddress)] } : { kind: 'host', host: consumer.name };
    const pair: Exemption = { from, to: provider.name };
    pairs.set(printExemption(pair), pair);
    if (pairs.size > MAX_PAIRS) throw tooMany(period.sinceMs);
  }
  return [...pairs].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, pair]) => pair);
}

const tooMany = (sinceMs: number): FirebreakError<'INPUT_INVALID'> =>
  new FirebreakError('INPUT_INVALID', {
    issues: [{ path: '--since', message: `more than ${MAX_PAIRS} pairs used it since ${new Date(sinceMs).toISOString()}, which is no exception any more; take a shorter period, or quarantine the hosts concerned` }],
  });
