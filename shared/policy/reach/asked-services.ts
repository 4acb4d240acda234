import type { FleetHost } from '../../model/host.ts';
import type { Policy, Rule } from '../../model/policy.ts';
import type { ServiceEntry } from '../../model/service.ts';
import type { Family } from '../../net/address.ts';
import { printServiceEntry } from '../../text/service-text.ts';
import { isLive } from '../resolve.ts';
import { samplesOf } from '../sample-services.ts';
import { type Ip, readIp, type SimProtocol } from '../simulate-match.ts';
import type { Listener } from './reach-world.ts';

/** One port of a provider worth asking about. `text` is how people write it; equal keys are one question at providers of one kind. */
export type AskedService = {
  readonly key: string;
  readonly text: string;
  readonly protocol: SimProtocol;
  readonly port: number | null;
  readonly families: readonly Family[];
  /** Where it listens; null is every address. */
  readonly address: Ip | null;
  readonly unit: string | null;
  readonly process: string | null;
  /** It listens there · a container's port that the host publishes · a rule names it · stands for every port that nothing names. */
  readonly basis: 'listens' | 'published' | 'named' | 'other';
};

const BOTH: readonly Family[] = [4, 6];

export const ofListener = ({ protocol, port, families, address, process, unit }: Listener): AskedService => ({
  key: `${protocol}/${port} ${families.join('')} ${address ?? ''} ${unit ?? ''}`,
  text: `${protocol}/${port}`,
  protocol,
  port,
  families,
  address: address === null ? null : readIp(address),
  unit,
  process,
  basis: 'listens',
});

/** Both ends of each range that the host redirects to containers. */
export const ofPublished = ({ published = [] }: FleetHost): AskedService[] =>
  published.flatMap(({ protocol, from, to }) => [...new Set([from, to])].map((port) => plain(protocol, port, { text: `${protocol}/${port}`, basis: 'published' })));

/** What a rule lets somebody reach; both ends of each range, under the text of the range. A service that is named and does not exist is nothing. */
export function ofRule(rule: Rule, policy: Policy): AskedService[] {
  const entries = rule.services.flatMap((ref): readonly ServiceEntry[] => {
    if (ref.kind === 'any') return [];
    return ref.kind === 'inline' ? [ref.entry] : (policy.services.find((service) => service.name === ref.name)?.entries ?? []);
  });
  return entries.flatMap((entry) =>
    samplesOf([entry]).map(({ protocol, port, family }) => plain(protocol, port, { text: printServiceEntry(entry), basis: 'named', ...(family === undefined ? {} : { families: [family] }) })),
  );
}

/** One port of either protocol that nobody registered: what passes there passes unless something names it. */
export const OTHERS: readonly AskedService[] = samplesOf('any')
  .filter(({ protocol }) => protocol !== 'sctp')
  .map(({ protocol, port }) => plain(protocol, port, { text: `other ${protocol} ports`, basis: 'other' }));

/** Rules that allow, and have not expired. */
export const listAllowing = (policy: Policy, nowMs: number): Rule[] => policy.rules.filter((rule) => rule.action === 'allow' && isLive(rule, nowMs));

function plain(protocol: SimProtocol, port: number | null, how: Pick<AskedService, 'text' | 'basis'> & { readonly families?: readonly Family[] }): AskedService {
  const { text, basis, families = BOTH } = how;
  return { key: `${protocol}/${port ?? '-'} ${families.join('')}`, text, protocol, port, families, address: null, unit: null, process: null, basis };
}
