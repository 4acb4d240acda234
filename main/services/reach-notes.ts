import type { ReachPolicy } from '../../shared/contract/reach-views.ts';
import type { FleetHost } from '../../shared/model/host.ts';
import type { ReachIndexes } from './reach-indexes.ts';

const NAMED = 4;

/** What the figures rest on and what is not known, one sentence each: what leaves most open first. */
export function listReachNotes(indexes: ReachIndexes, policy: ReachPolicy): string[] {
  const { compiled, applied } = indexes;
  const managed = compiled.fleet.filter((host) => host.managed);
  const modeOf = (host: FleetHost) => applied.get(host.id)?.mode;
  const unzoned = managed.filter(({ id }) => (compiled.zones.get(id)?.zone ?? null) === null);
  const index = policy === 'live' ? indexes.live() : indexes.draft();
  const unknown = index.parties.flatMap((party) => (party.host !== null && !index.isKnown(party) ? [party.host] : []));
  const noAddress = compiled.fleet.filter(({ addresses }) => addresses.length === 0);
  const sentences: [hosts: readonly FleetHost[], text: string][] = [
    ...(policy === 'live'
      ? ([
          [managed.filter((host) => modeOf(host) === undefined), 'run nothing of ours yet, so nothing is refused there'],
          [managed.filter((host) => modeOf(host) === 'observe'), 'observe, so everything passes there'],
          [managed.filter((host) => modeOf(host) === 'test'), 'only test: what would be blocked still passes'],
        ] satisfies [readonly FleetHost[], string][])
      : ([[unzoned, 'are in no zone, so the draft refuses nothing there']] satisfies [readonly FleetHost[], string][])),
    [compiled.fleet.filter((host) => !host.managed), 'are unmanaged: nothing of ours decides there, only at the other end'],
    [unknown, 'gave no facts: nobody knows what listens there, so they count as possible, not as reachable'],
    [noAddress, 'have no known address and are left out'],
  ];
  const ofHosts = sentences.filter(([hosts]) => hosts.length > 0).map(([hosts, text]) => `${hosts.length} ${hosts.length === 1 ? 'host' : 'hosts'} ${text}: ${nameSome(hosts)}.`);
  return [...ofHosts, 'Asked is what listens on each host by its last facts, and its published container ports. Whoever holds a host counts as every user and waits for every hour that a rule names; routing and firewalls of others are not looked at.'];
}

const nameSome = (hosts: readonly FleetHost[]): string =>
  `${hosts.slice(0, NAMED).map(({ name }) => name).join(', ')}${hosts.length > NAMED ? ` and ${hosts.length - NAMED} more` : ''}`;
