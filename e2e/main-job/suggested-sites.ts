import type { SuggestionsView } from '../../shared/contract/suggest-views.ts';
import type { FlowRow } from '../../shared/contract/views.ts';
import type { BackendClient } from '../../main/rpc/client.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { SITE_HOSTS } from '../seed/site-hosts.ts';
import { SITE_ZONES } from '../seed/site-policy.ts';
import { SITE_TRAFFIC, type SiteTraffic } from '../seed/site-traffic.ts';
import { addHost, draftZone, overAll } from './lab-console.ts';

/** Who speaks with whom among the sample site's hosts; customers and offices are not in the lab. */
export type SiteConversation = Pick<SiteTraffic, 'from' | 'to' | 'protocol' | 'port'> & { readonly family: 4 | 6 };

export function siteConversations(): SiteConversation[] {
  const names = new Set(SITE_HOSTS.map(({ name }) => name));
  const among = SITE_TRAFFIC.filter(({ from, to }) => names.has(from) && names.has(to));
  return among.map(({ from, to, protocol, port, family = 4 }) => ({ from, to, protocol, port, family }));
}

/**
 * The sample site as real hosts: each provider listens on what it is asked for. Its zones are drafted in observe, agents installed where the site has them; the others
 * are known by their addresses. `play` makes every conversation once, for real, and tells those that failed.
 */
export async function startSite(client: BackendClient): Promise<{ lab: Lab; play: (conversations: readonly SiteConversation[]) => Promise<string[]> }> {
  const lab = await startLab({ hosts: SITE_HOSTS.map(({ name }) => ({ name, role: 'plain' as const })) });
  try {
    for (const { name, labels, agent } of SITE_HOSTS) {
      const host = lab.host(name);
      if (agent) await addHost(client, host, lab.sshKeyPath, labels);
      else await client.hosts.add({ name, ssh: null, addresses: [host.ipv4, host.ipv6], labels, note: '' });
    }
    const served = new Map(siteConversations().map(({ to, protocol, port }) => [`${to} ${protocol} ${port}`, { to, protocol, port }]));
    for (const { to, protocol, port } of served.values()) if (port !== 22) await lab.host(to).listen({ protocol: protocol === 'udp' ? 'udp' : 'tcp', port });
    await overAll(client, 'install');
    await overAll(client, 'collect');
    for (const { name, select, outbound } of SITE_ZONES) await draftZone(client, name, select, 'observe', outbound);
  } catch (error) {
    await lab.stop();
    throw error;
  }
  const play = async (conversations: readonly SiteConversation[]) => {
    const byConsumer = Map.groupBy(conversations, ({ from }) => from);
    const failed = await Promise.all([...byConsumer.values()].map((own) => playInOrder(lab, own)));
    return failed.flat();
  };
  return { lab, play };
}

async function playInOrder(lab: Lab, conversations: readonly SiteConversation[]): Promise<string[]> {
  const failed: string[] = [];
  for (const { from, to, protocol, port, family } of conversations) {
    const outcome = await lab.host(from).tryConnect({ to: lab.host(to), port, protocol: protocol === 'udp' ? 'udp' : 'tcp', family, timeoutMs: 5000 });
    if (outcome !== 'connected') failed.push(`${from} → ${to} ${protocol}/${port} IPv${family}: ${outcome}`);
  }
  return failed;
}

/** Adds all that is suggested at width role to the draft; gives what was suggested. */
export async function acceptSuggestions(client: BackendClient): Promise<SuggestionsView> {
  const found = await client.policy.suggest({ zone: null, sinceMs: null, maxWidth: 'role' });
  if (found.suggestions.length > 0) await client.policy.addRules({ rules: found.suggestions.map(({ rule }) => rule) });
  return found;
}

/** What the kernels refused, in words. */
export async function blockedFlows(client: BackendClient): Promise<string[]> {
  const { rows } = await client.flows.list({ sinceMs: null, untilMs: null, verdict: ['blocked'], from: null, to: null, text: null, limit: 1000, offset: 0 });
  return rows.map((row: FlowRow) => `${row.reporterName} ${row.direction} ${row.peerName} ${row.protocol}/${row.port} ${row.unit ?? ''}`);
}

const SCRAPED = [['web1', 8080], ['web2', 8080], ['lb1', 80], ['cache1', 6379], ['db1', 5432]] as const;

/** The shop's monitoring, tried once now as its user; tells what it cannot reach. */
export async function scrapeAll(lab: Lab): Promise<string[]> {
  const outcomes = await Promise.all(SCRAPED.map(([name, port]) => lab.host('ops1').tryConnect({ to: lab.host(name), port, user: 'monitor', timeoutMs: 2000 })));
  return SCRAPED.flatMap(([name, port], i) => (outcomes[i] === 'connected' ? [] : [`monitoring of ${name}:${port}: ${outcomes[i] ?? 'nothing'}`]));
}
