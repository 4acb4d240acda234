import type { Identity } from '../../model/identity.ts';
import { isNonEmpty } from '../../net/address-match.ts';
import type { Family } from '../../net/address.ts';
import { isAllPorts } from '../../net/port-set.ts';
import { printCidrs } from '../../net/print-range.ts';
import { ofFamily } from '../../net/range-set.ts';
import type { LiveMatch } from '../host-ruleset.ts';
import type { ExportEntry, ExportService } from './export-form.ts';
import { joinEnds, printEnd, serviceMatches, until } from './iptables-match.ts';
import type { IptablesPlace } from './iptables-recording.ts';
import type { IpsetBook } from './iptables-sets.ts';

/** The rules of one entry on the host itself, with its id as their comment; `verdict` is a target. Entries for an account can only be printed for `OUT`. */
export function entryRules({ id, family, peers, local, service, as, endsAtMs }: ExportEntry, place: IptablesPlace, verdict: string, sets: IpsetBook): string[] {
  const peer = addressMatch(peers, family, place === 'OUT' ? 'dst' : 'src', sets);
  const own = place === 'FWD' ? '' : addressMatch(local, family, place === 'OUT' ? 'src' : 'dst', sets);
  const services = place === 'FWD' ? redirectedMatches(service, local, family) : serviceMatches(service, family);
  const tail = [as === null ? '' : ownerMatch(as, sets), endsAtMs === null ? '' : until(endsAtMs), `-m comment --comment ${id} ${verdict}`];
  return services.map((match) => [...joinEnds(peer, own), match, ...tail].filter((part) => part !== '').join(' '));
}

/** One network stands in the rule, several in a set; '' is everybody. */
function addressMatch(match: LiveMatch, family: Family, end: 'src' | 'dst', sets: IpsetBook): string {
  if (match.kind === 'any') return '';
  const ranges = ofFamily(match.ranges, family);
  if (!isNonEmpty(ranges)) throw new Error('an entry without an address of its own family');
  return ranges.length === 1 ? printEnd(ranges[0], end) : `-m set --match-set ${sets.addresses(family, ranges)} ${end}`;
}

/** Groups are the one that the process has then, not all that its user is in, as with nft. */
const ownerMatch = (identity: Identity, sets: IpsetBook): string => `-m owner --${identity.kind === 'user' ? 'uid' : 'gid'}-owner ${sets.account(identity)}`;

/** Of what was redirected from the host into a container: the address and port that its peer asked for, which the connection remembers. One range a rule. */
function redirectedMatches(service: ExportService, local: LiveMatch, family: Family): string[] {
  const addresses = local.kind === 'any' ? [''] : ofFamily(local.ranges, family).flatMap(printCidrs).map((cidr) => ` --ctorigdst ${cidr}`);
  const services = service.kind === 'ports' && !isAllPorts(service.ports) ? service.ports.map(({ from, to }) => ({ head: `-p ${service.protocol}`, port: ` --ctorigdstport ${from === to ? from : `${from}:${to}`}` })) : serviceMatches(service, family).map((head) => ({ head, port: '' }));
  return services.flatMap(({ head, port }) => addresses.map((address) => (port + address === '' ? head : `${head} -m conntrack${address}${port}`.trim())));
}

/** How many rules the entry is where it takes most. */
export const countRules = ({ service, local, family }: ExportEntry): number => redirectedMatches(service, local, family).length;
