import { afterEach, expect, test } from 'vitest';
import { type OnboardKit, startOnboardKit } from '../../e2e/fakehost/onboard-kit.ts';
import type { OnboardedHost } from '../../shared/contract/onboarding.ts';
import { listAudit } from './audit.ts';
import { stopOnboarding } from './onboard.ts';

/** Of which more than a handful waits for its turn. */
const HOSTS = Number(process.env['FIREBREAK_ONBOARD_HOSTS'] ?? 24);
const patience = { timeout: 1_200_000 };

let kit: OnboardKit;
afterEach(() => kit.close());

const all = { kind: 'all' as const };
type Seen = { readonly texts: readonly string[]; readonly hosts: readonly OnboardedHost[] };

/** `onText` sees each line of progress as it comes. */
async function onboard(run = 'one', onText: (text: string, hostName: string | null) => void = () => undefined): Promise<Seen> {
  const texts: string[] = [];
  for await (const event of await kit.client.agents.onboard({ hosts: all, run })) {
    if (event.type === 'done') return { texts, hosts: event.result.hosts };
    texts.push(`${event.hostName ?? ''}: ${event.text}`);
    onText(event.text, event.hostName);
  }
  throw new Error('the stream ended without a result');
}
const importList = (text: string) => kit.client.hostKeys.importLists({ lists: [{ name: 'keys.txt', text }], dryRun: false });
const count = (hosts: readonly OnboardedHost[]): Record<string, number> => Object.fromEntries([...Map.groupBy(hosts, ({ outcome }) => outcome)].map(([outcome, some]) => [outcome, some.length]));
/** Whom the work has to do with. */
const contactedBy = async (work: () => Promise<unknown>): Promise<string[]> => {
  const before = new Map(kit.fleet.hosts.map((host) => [host.name, host.contacts()]));
  await work();
  return kit.fleet.hosts.filter((host) => host.contacts() > (before.get(host.name) ?? 0)).map(({ name }) => name);
};

test(`${HOSTS} hosts whose keys a list has are brought to their first flows by one call; a second connects to none`, patience, async () => {
  kit = await startOnboardKit(HOSTS);
  await importList(await kit.knownHosts());
  const begunMs = performance.now();
  let peak = process.memoryUsage().rss;
  const { hosts, texts } = await onboard('one', () => {
    peak = Math.max(peak, process.memoryUsage().rss);
  });
  console.log(`${HOSTS} hosts onboarded in ${((performance.now() - begunMs) / 1000).toFixed(1)} s; resident ${(peak / 2 ** 20).toFixed(0)} MB with the simulated hosts in the same process`);
  expect(hosts.filter(({ ok }) => !ok).map(({ error }) => error?.title)).toEqual([]);
  expect(count(hosts)).toEqual({ done: HOSTS });
  expect(hosts.map(({ hostName }) => hostName)).toEqual(kit.fleet.hosts.map(({ name }) => name));
  for (const step of ['comparing its key', 'looking whether the agent can run there', 'installing the agent', 'fetching its first flows']) expect(texts.filter((text) => text.endsWith(step))).toHaveLength(HOSTS);
  expect(hosts[0]?.text).toMatch(/^agent \S+ installed; observe is loaded.*; \d+ new connections? from 1 snapshot/);
  for (const view of await kit.client.hosts.list({})) expect(view).toMatchObject({ state: 'in-sync', lastError: null, pinnedKeys: [kit.host(view.name).hostKey] });
  expect(listAudit(kit.backend, 5000, null).find(({ action }) => action === 'hosts.trust')?.detail).toMatch(/^ssh-ed25519 SHA256:\S+, as keys\.txt:\d+ lists it$/);
  const again: { hosts?: Seen } = {};
  expect(await contactedBy(async () => void (again.hosts = await onboard('two')))).toEqual([]);
  expect(count(again.hosts?.hosts ?? [])).toEqual({ already: HOSTS });
});

test('each host that cannot be brought there is told with the step and why, and the others are; what is mended goes on alone', patience, async () => {
  kit = await startOnboardKit(6);
  const [one, two, three, four, five, six] = kit.fleet.hosts.map(({ name }) => name);
  const wrong = (await kit.knownHosts([one ?? ''])).replace(/^\S+/, `[127.0.0.1]:${kit.host(two ?? '').port}`);
  await importList((await kit.knownHosts([one ?? '', four ?? '', five ?? '', six ?? ''])) + wrong);
  kit.host(four ?? '').answerCheck(['freeKib=1024']);
  kit.host(five ?? '').setCable('out');
  kit.host(six ?? '').answerCheck(['container=lxc']);
  const { hosts } = await onboard();
  expect(hosts.map(({ hostName, outcome, step, error }) => [hostName, outcome, step, error?.code ?? null])).toEqual([
    [one, 'done', 'collect', null],
    [two, 'failed', 'key', 'HOST_KEY_NOT_AS_LISTED'],
    [three, 'failed', 'key', 'HOST_KEY_UNKNOWN'],
    [four, 'failed', 'check', 'HOST_UNSUPPORTED'],
    [five, 'failed', 'key', 'SSH_LIMIT_REACHED'],
    [six, 'done', 'collect', null],
  ]);
  expect(hosts[1]?.error?.title).toMatch(/NOT THE ONE THAT IS LISTED\. keys\.txt:5 lists ssh-ed25519 SHA256:.*Nothing was sent/);
  expect(hosts[3]?.error?.title).toMatch(/Only 1 MiB are free/);
  expect(hosts[5]?.text).toMatch(/To know: It is a container \(lxc\)/);
  // Nothing is pinned of what a list does not have.
  expect((await kit.client.hosts.list({})).filter(({ pinnedKeys }) => pinnedKeys.length === 0).map(({ name }) => name)).toEqual([two, three, five]);
  kit.host(four ?? '').answerCheck([]);
  kit.host(five ?? '').setCable('in');
  const again: { hosts?: Seen } = {};
  const asked = await contactedBy(async () => void (again.hosts = await onboard('two')));
  expect(asked).toEqual([two, three, four, five]);
  expect(count(again.hosts?.hosts ?? [])).toEqual({ already: 2, done: 2, failed: 2 });
});

test('stopped, it begins no further host, brings those under way to their end, and goes on with the others when it is called again', patience, async () => {
  kit = await startOnboardKit(24);
  await importList(await kit.knownHosts());
  const { hosts } = await onboard('one', (text) => {
    if (text === 'installing the agent') stopOnboarding('one');
  });
  const counts = count(hosts);
  expect(Object.keys(counts).toSorted()).toEqual(['done', 'stopped']);
  expect(counts['done']).toBeGreaterThanOrEqual(1);
  expect(counts['stopped']).toBeGreaterThanOrEqual(1);
  for (const { hostName, outcome, step } of hosts) {
    const { agentVersion, pinnedKeys, lastError } = await kit.client.hosts.get({ name: hostName });
    if (outcome === 'stopped') expect({ step, agentVersion, pinnedKeys, lastError }).toEqual({ step: null, agentVersion: null, pinnedKeys: [], lastError: null });
    else expect(agentVersion).not.toBeNull();
  }
  expect(count((await onboard('two')).hosts)).toEqual({ already: counts['done'], done: counts['stopped'] });
});

test('a host that was interrupted between its install and its first flows gets what is missing, and is not installed again', async () => {
  kit = await startOnboardKit(1);
  await importList(await kit.knownHosts());
  await kit.client.hosts.trust({ name: 'host-01', key: (await kit.client.hosts.showKey({ name: 'host-01' })).presented, replace: false });
  for await (const event of await kit.client.agents.install({ hosts: all })) if (event.type === 'done') expect(event.result.hosts[0]?.ok).toBe(true);
  const { hosts, texts } = await onboard();
  expect(count(hosts)).toEqual({ done: 1 });
  expect(texts.filter((text) => text.includes('install'))).toEqual([]);
  expect(hosts[0]?.text).toMatch(/from 1 snapshot/);
});

test('a run that goes on has its name for itself', async () => {
  kit = await startOnboardKit(1);
  const events = (await kit.client.agents.onboard({ hosts: all, run: 'one' }))[Symbol.asyncIterator]();
  await events.next();
  await expect(onboard('one')).rejects.toMatchObject({ code: 'NAME_TAKEN' });
  await events.return?.();
  expect((await onboard('one')).hosts).toHaveLength(1);
});

test('a workspace without hosts has nothing to do', async () => {
  kit = await startOnboardKit(0);
  expect((await onboard()).hosts).toEqual([]);
});
