import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { BackendClient } from '../../main/rpc/client.ts';
import type { Backend } from '../../main/services/backend.ts';
import type { LabHost } from '../lab/host.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { aRule, draftZone, enrol, makeWorkspace, openConsole, ourRules, overAll, push } from './lab-console.ts';

const UNITS = '/etc/systemd/system';
const AGENT = '/usr/local/lib/firebreak/firebreak-agent';

let lab: Lab;
let host: LabHost;
let client: BackendClient;
let backend: Backend;
let remove: () => void;
let rules: string;
let cursor = 0;
beforeAll(async () => {
  lab = await startLab({ hosts: [{ name: 'one', role: 'plain' }] });
  host = lab.host('one');
  const workspace = makeWorkspace();
  remove = workspace.remove;
  ({ client, backend } = openConsole(workspace.workspacePath));
  // As Debian ships it: nftables.service flushes everything when it starts, stops and reloads.
  await host.run(`printf '#!/usr/sbin/nft -f\\nflush ruleset\\n' >/etc/nftables.conf && systemctl enable --now nftables.service`);
  await enrol(client, [host], lab.sshKeyPath);
  await client.policy.addRules({ rules: [aRule('allow', '10.9.0.0/16', 'app=base', 'tcp/8080')] });
  await draftZone(client, 'base', 'app=base', 'enforce');
  expect((await push(client, 30)).outcome).toBe('confirmed');
  rules = await chains();
});
afterAll(async () => {
  await backend?.close();
  remove?.();
  await lab?.stop();
});
beforeEach(async () => {
  cursor = (await readEvents()).at(-1)?.seq ?? cursor;
});

type Event = { seq: number; event: string; fields: Record<string, unknown> };
const readEvents = async (): Promise<Event[]> => (await host.run(`${AGENT} events --after ${cursor}`)).split('\n').filter(Boolean).map((line) => JSON.parse(line));
/** What decides about packets, in an order that does not depend on how it was loaded. */
const chains = async () => [...(await ourRules(host).catch(() => '')).matchAll(/^\tchain \w+ \{\n(?:\t\t.*\n)*\t\}$/gm)].map(([chain]) => chain).sort().join('\n');

/** Asks until it holds; fails with what was last seen. */
async function eventually(ask: () => Promise<string>, expected: string, withinMs: number): Promise<number> {
  const startMs = performance.now();
  for (;;) {
    const answer = await ask().catch(String);
    if (answer === expected) return performance.now() - startMs;
    if (performance.now() - startMs > withinMs) expect(answer).toBe(expected);
  }
}
/** As the timer does it, without the wait for the timer. */
const runVerifyUnit = () => host.run('systemctl start firebreak-verify.service');

describe('a tampered host puts itself right and says so', () => {
  test.each([
    ['a rule was added', 'nft insert rule inet firebreak input tcp dport 4444 accept', /\+chain input: tcp dport 4444 accept/],
    ['a rule was deleted', 'nft flush chain inet firebreak allow_in', /-chain allow_in:/],
    ['a rule was changed', 'nft flush chain inet firebreak allow_in; nft add rule inet firebreak allow_in accept', /\+chain allow_in: accept;/],
    ['our table was flushed', 'nft flush table inet firebreak', /-chain/],
    ['our table was deleted', 'nft delete table inet firebreak', /the table was missing/],
    ['the ruleset was flushed', 'nft flush ruleset', /the table was missing/],
  ])('%s', async (_name, script, difference) => {
    await host.run(script);
    expect(await chains()).not.toBe(rules);
    await runVerifyUnit();
    expect(await chains()).toBe(rules);
    expect(await readEvents()).toMatchObject([{ event: 'tampered', fields: { what: 'rules', difference: expect.stringMatching(difference) } }, { event: 'restored', fields: { what: 'rules' } }]);
    expect(await host.run('journalctl -q -t firebreak -o cat -n 3')).toMatch(/event=tampered seq=\d+ what="rules" difference=/);
  });

  test('who ran nft with sudo is named', async () => {
    await host.run('su admin -c "sudo nft flush ruleset"');
    await runVerifyUnit();
    expect((await readEvents())[0]).toMatchObject({ event: 'tampered', fields: { process: expect.stringMatching(/^sudo: .*admin.*COMMAND=.*nft flush ruleset/), confidence: 'inferred' } });
  });

  test.each(['restart', 'reload'])('%s of nftables.service, which flushes everything: ours are back by themselves', async (verb) => {
    await host.run(`systemctl ${verb} nftables.service`);
    const tookMs = await eventually(chains, rules, 10_000);
    console.log(`after ${verb} of nftables.service ours were back ${Math.round(tookMs)} ms after systemctl returned`);
    await eventually(async () => (await readEvents()).map(({ event }) => event).join(), 'tampered,restored', 10_000);
  });

  test('stop and start of nftables.service: ours are back by themselves', async () => {
    await host.run('systemctl stop nftables.service && systemctl start nftables.service');
    await eventually(chains, rules, 10_000);
    await eventually(() => host.run('systemctl is-active firebreak-after-nftables.service || true'), 'inactive\n', 10_000);
    expect((await readEvents()).at(-1)?.event).toBe('restored');
  });

  test.each([
    ['deleted', `rm -f ${UNITS}/firebreak-* ${UNITS}/*/firebreak-* && systemctl daemon-reload`],
    ['disabled', 'systemctl disable --now firebreak-verify.timer firebreak-boot.service'],
    ['masked', `rm ${UNITS}/firebreak-boot.service && systemctl mask firebreak-boot.service`],
    ['changed', `sed -i s/firebreak-agent/true/ ${UNITS}/firebreak-boot.service && systemctl daemon-reload`],
  ])('units that were %s are repaired', async (_how, script) => {
    await host.run(script);
    await host.run(`${AGENT} verify`);
    expect((await readEvents()).map(({ event }) => event)).toEqual(['unit-repaired']);
    const units = 'firebreak-boot.service firebreak-collect.timer firebreak-verify.timer';
    await eventually(() => host.run(`systemctl is-active ${units}`), 'active\nactive\nactive\n', 10_000);
    expect(await host.run(`systemctl is-enabled ${units}`)).toBe('enabled\nenabled\nenabled\n');
    expect(JSON.parse(await host.run(`${AGENT} verify`))).toEqual({ v: 1, found: '', unrepaired: '', skipped: false });
  });

  test('a changed agent file is mended by the second copy, even when the first cannot run at all', async () => {
    await host.run('echo "exit 9" >/usr/local/lib/firebreak/firebreak-agent');
    await runVerifyUnit();
    expect(await readEvents()).toMatchObject([{ event: 'tampered', fields: { what: 'agent-file' } }, { event: 'restored' }]);
    await host.run('cd /usr/local/lib/firebreak && sha256sum --quiet -c MANIFEST');
  });

  test('a boot with a damaged agent still loads the rules', async () => {
    await host.run('echo "exit 9" >/usr/local/lib/firebreak/firebreak-agent');
    await host.reboot();
    expect(await chains()).toBe(rules);
    await runVerifyUnit();
    await host.run('cd /usr/local/lib/firebreak && sha256sum --quiet -c MANIFEST');
  });

  test('the console has a host without any unit of ours mend itself, and stores the events', async () => {
    await overAll(client, 'collect');
    await host.run(`systemctl stop firebreak-verify.timer firebreak-collect.timer; rm -f ${UNITS}/firebreak-* ${UNITS}/*/firebreak-* && systemctl daemon-reload; nft delete table inet firebreak`);
    await overAll(client, 'collect');
    expect(await chains()).toBe(rules);
    const { events, state } = await client.hosts.get({ name: 'one' });
    expect(state).toBe('in-sync');
    expect(events.slice(0, 3).map(({ event }) => event).sort()).toEqual(['restored', 'tampered', 'unit-repaired']);
    const audit = await client.audit.list({ limit: 20, beforeSeq: null });
    expect(audit.filter(({ actor }) => actor === 'host:one').map(({ action }) => action)).toEqual(expect.arrayContaining(['host.tampered', 'host.restored', 'host.unit-repaired']));
  });
});

test('what a check costs on an untouched host is said', async () => {
  const cost = await host.run(`bash -c 'time (for i in 1 2 3 4 5; do ${AGENT} verify >/dev/null; done)' 2>&1`);
  console.log(`five runs of verify:${cost.replaceAll('\n', ' ')}`);
  expect(await chains()).toBe(rules);
});

test('uninstalling takes every unit and link away', async () => {
  await overAll(client, 'uninstall');
  expect(await host.run(`find ${UNITS} -name 'firebreak*' -o -name nftables.service.wants; nft list tables; ls /var/lib | grep firebreak || true`)).toBe('');
});
