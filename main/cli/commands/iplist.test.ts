import { afterEach, beforeEach, expect, test } from 'vitest';
import { startPushKit, type PushKit } from '../../../e2e/fakehost/push-kit.ts';
import { createClient } from '../../rpc/client.ts';
import { runFirebreak } from '../testing/run-firebreak.ts';

let kit: PushKit;
beforeEach(async () => {
  kit = await startPushKit(1);
});
afterEach(() => kit.close());

const firebreak = (...argv: string[]) => runFirebreak({ path: kit.workspacePath, client: createClient(kit.backend) }, argv);

test('a list with names is added, resolved and shown with its ledger, as a table and as JSON', async () => {
  kit.dns.set('deb.example.org', ['198.51.100.7', '10.0.0.5']);
  kit.host(0).machine.names.set('deb.example.org', ['198.51.100.7']);
  expect((await firebreak('iplist', 'add', 'mirrors', '192.0.2.0/24', '--name', 'Deb.example.org', '--name', 'ntp.example.org', '--name-days', '14')).out).toContain('IP list mirrors: 192.0.2.0/24, deb.example.org, ntp.example.org. Ask for its names with: firebreak iplist resolve');
  await firebreak('rule', 'add', '--from', 'role=host-1', '--to', 'iplist:mirrors', '--service', 'tcp/443');
  const resolved = await firebreak('iplist', 'resolve');
  expect(resolved).toMatchObject({ code: 0, out: expect.stringMatching(/this console +ok +2 addresses for 2 names; ntp\.example\.org: no DNS server answered\nhost-1 +ok +1 address for 2 names/) });
  const { out } = await firebreak('iplist', 'show', 'mirrors');
  expect(out).toMatch(/answers count +14 days/);
  expect(out).toMatch(/198\.51\.100\.7 +used +this console/);
  expect(out).toMatch(/10\.0\.0\.5 +not used: it is private; if that is right, list its network in nameNetworks/);
  expect(out).toContain('ntp.example.org\nNobody resolved it yet: it matches nobody.\nNo answer, or not all of it:');
  const json: unknown = JSON.parse((await firebreak('--json', 'iplist', 'show', 'mirrors')).out);
  expect(json).toMatchObject({ names: ['deb.example.org', 'ntp.example.org'], nameDays: 14, ledger: { days: 14, names: [{ name: 'deb.example.org', answers: [{ address: '198.51.100.7', state: 'used', sightings: [{ times: 1 }, { times: 1 }] }, { state: 'refused' }] }, { answers: [] }] } });
});

test('a host that is not reached makes the command fail, and what the console saw is kept', async () => {
  kit.dns.set('deb.example.org', ['198.51.100.7']);
  await firebreak('iplist', 'add', 'mirrors', '--name', 'deb.example.org');
  await firebreak('rule', 'add', '--from', 'any', '--to', 'iplist:mirrors', '--service', 'tcp/443');
  await kit.host(0).changeKey();
  expect(await firebreak('iplist', 'resolve', 'mirrors')).toMatchObject({ code: 1, out: expect.stringMatching(/this console +ok/) });
  expect((await firebreak('iplist', 'resolve', '--from', 'console', 'deb.example.org')).code).toBe(0);
});

test('bad names and settings are told under their option, and change nothing', async () => {
  expect((await firebreak('iplist', 'add', 'x', '--name', '*.example.org')).err).toMatch(/--name: “\*\.example\.org” is a wildcard/);
  expect((await firebreak('iplist', 'add', 'x', '--name', 'münchen.example')).err).toContain('punycode');
  expect((await firebreak('iplist', 'add', 'x')).err).toContain('a list needs a network or a name');
  expect((await firebreak('iplist', 'add', 'x', '--name', 'a.example.org', '--name-days', 'many')).err).toMatch(/nameDays/);
  expect((await firebreak('iplist', 'add', 'x', '10.0.0.0/8', '--name-days', '3')).err).toContain('this list has none');
  expect((await firebreak('iplist', 'resolve', 'nobody')).err).toContain('nobody');
  expect((await firebreak('iplist', 'list')).out).toContain('No IP lists yet');
});
