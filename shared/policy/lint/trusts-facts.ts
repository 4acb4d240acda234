import type { Finding } from '../../model/finding.ts';
import type { FleetHost } from '../../model/host.ts';
import type { HostId } from '../../model/ids.ts';
import type { Peer } from '../../model/peer.ts';
import { countText } from '../../text/amount-text.ts';
import { printPeer } from '../../text/peer-text.ts';
import { isLive } from '../resolve.ts';
import { matchesSelectorSet } from '../select.ts';
import { type ZoneOfHost, zoneOfHosts } from '../zones.ts';
import { ruleSubject, some } from './finding-text.ts';
import type { LintWorld } from './lint-input.ts';

/**
 * Live allow rules that let a host out to others because of what it once said about itself: whoever holds such a host chose what it said.
 * Only consumers: a host that lies itself into being a provider opens itself.
 */
export function findTrustInFacts({ policy, hosts, saidLabels, nowMs }: LintWorld): Finding[] {
  if (saidLabels.size === 0) return [];
  const sayers = hosts.filter((host) => saidLabels.has(host.id));
  const silent = new Map(sayers.map((host) => [host.id, withoutLabels(host, saidLabels.get(host.id) ?? new Set())]));
  const zones = zoneOfHosts(policy, hosts);
  const zonesIfSilent = zoneOfHosts(policy, hosts.map((host) => silent.get(host.id) ?? host));
  return policy.rules
    .filter((rule) => rule.action === 'allow' && isLive(rule, nowMs))
    .flatMap((rule): Finding[] => {
      const trusted = sayers.filter((host) => isMeant(rule.from, host, zones) && !isMeant(rule.from, silent.get(host.id) ?? host, zonesIfSilent));
      if (trusted.length === 0) return [];
      return [
        {
          code: 'RULE_TRUSTS_FACTS',
          severity: 'info',
          subject: ruleSubject(rule),
          others: [],
          evidence: `${countText(trusted.length, 'host')} of its consumers ${trusted.length === 1 ? 'has' : 'have'} the labels of ${printPeer(rule.from)} because of what they said about themselves, and somebody accepted it: ${some(trusted.map(({ name }) => name))}.`,
          fix: { text: `look whether these hosts are what they say, then set the labels by hand (firebreak host label NAME …) or by a label rule on their names`, act: null },
        },
      ];
    });
}

const withoutLabels = (host: FleetHost, keys: ReadonlySet<string>): FleetHost => ({ ...host, labels: Object.fromEntries(Object.entries(host.labels).filter(([key]) => !keys.has(key))) });

function isMeant(peer: Peer, host: FleetHost, zones: ReadonlyMap<HostId, ZoneOfHost>): boolean {
  if (peer.kind === 'selector') return matchesSelectorSet(peer.select, host);
  return peer.kind === 'zone' && zones.get(host.id)?.zone?.name === peer.zone;
}
