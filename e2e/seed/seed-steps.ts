import type { Push } from '../../shared/model/diff.ts';
import type { HostKey } from '../../shared/model/host.ts';
import { parseCidr } from '../../shared/net/parse-cidr.ts';
import type { Parsed } from '../../shared/text/parsed.ts';
import { parsePeer } from '../../shared/text/peer-text.ts';
import { parseSelectorSet } from '../../shared/text/selector-text.ts';
import { parseServiceEntries, parseServiceRef, parseServiceRefs } from '../../shared/text/service-text.ts';
import type { BackendClient } from '../../main/rpc/client.ts';
import type { Backend } from '../../main/services/backend.ts';
import { editDraft } from '../../main/services/draft.ts';
import { SITE_HOSTS } from './site-hosts.ts';
import { SITE_IP_LISTS, SITE_RULES, SITE_SERVICES, SITE_TESTS, SITE_ZONES, type SiteRule } from './site-policy.ts';

const DAY_MS = 86_400_000;

function expectParsed<T>(parsed: Parsed<T>): T {
  if (!parsed.ok) throw new Error(`seeding: ${parsed.issues.map((i) => i.message).join('; ')}`);
  return parsed.value;
}

/** Adds every host, pins its key and installs the agent, one after the other so that the order of events is always the same. */
export async function addSiteHosts(client: BackendClient, keyOf: (name: string) => HostKey): Promise<void> {
  for (const host of SITE_HOSTS) {
    const { name, labels, note } = host;
    if (!host.ssh) {
      await client.hosts.add({ name, ssh: null, addresses: host.addresses, labels, note });
      continue;
    }
    const ssh = {
      address: `${name}.shop.example`,
      port: 22,
      user: 'ops',
      identity: { kind: 'key-file' as const, keyPath: '~/.ssh/id_ed25519' },
      sudo: 'nopasswd' as const,
      jump: null,
    };
    await client.hosts.add({ name, ssh, addresses: [], labels, note });
    if (!host.agent) continue;
    await client.hosts.trust({ name, key: keyOf(name), replace: false });
    for await (const event of await client.agents.install({ hosts: { kind: 'names', names: [name] } })) {
      const failed = event.type === 'done' ? event.result.hosts.find((h) => !h.ok) : undefined;
      if (failed !== undefined) throw new Error(`seeding: ${failed.hostName}: ${failed.text}`);
    }
  }
}

export async function addSitePolicy(client: BackendClient, backend: Backend): Promise<void> {
  for (const zone of SITE_ZONES) await client.policy.addZone({ ...zone, select: expectParsed(parseSelectorSet(zone.select)) });
  for (const { name, entries, note } of SITE_SERVICES) await client.policy.putService({ name, note, entries: expectParsed(parseServiceEntries(entries)) });
  for (const { name, cidrs, except, note } of SITE_IP_LISTS) {
    await client.policy.putIpList({ name, note, cidrs: cidrs.map((c) => expectParsed(parseCidr(c))), except: except.map((c) => expectParsed(parseCidr(c))) });
  }
  await addSiteRules(client, SITE_RULES, backend.nowMs());
  const tests = SITE_TESTS.map((t) => ({
    expect: t.expect,
    from: expectParsed(parsePeer(t.from)),
    to: expectParsed(parsePeer(t.to)),
    service: expectParsed(parseServiceRef(t.service)),
  }));
  editDraft(backend, { action: 'policy.importText', subject: 'tests', detail: `${tests.length} policy tests` }, (policy) => ({
    policy: { ...policy, tests },
    result: undefined,
  }));
}

export async function addSiteRules(client: BackendClient, rules: readonly SiteRule[], nowMs: number): Promise<void> {
  for (const { from, to, services, expiresInDays, ...rest } of rules) {
    const expiresOn = expiresInDays === undefined ? null : new Date(nowMs + expiresInDays * DAY_MS).toISOString().slice(0, 10);
    await client.policy.addRules({
      rules: [
        {
          ...rest,
          from: expectParsed(parsePeer(from)),
          to: expectParsed(parsePeer(to)),
          services: expectParsed(parseServiceRefs(services)),
          reviewOn: null,
          expiresOn,
        },
      ],
    });
  }
}

/** Plans and pushes at once. @throws when the plan refuses */
export async function push(client: BackendClient, zone: string | null, note: string): Promise<Push> {
  const plan = await client.pushes.plan({ zone });
  let last: Push | undefined;
  for await (const state of await client.pushes.start({ planHash: plan.hash, zone, note, confirmWithinSeconds: 60 })) last = state;
  if (last === undefined) throw new Error('seeding: the push said nothing');
  return last;
}
