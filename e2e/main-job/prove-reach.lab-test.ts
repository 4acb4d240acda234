import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BackendClient } from '../../main/rpc/client.ts';
import type { Backend } from '../../main/services/backend.ts';
import type { ProofRow, ProofView } from '../../shared/contract/reach-proofs.ts';
import type { LabHost } from '../lab/host.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { aRule, draftZone, enrol, makeWorkspace, openConsole, ourRules, push } from './lab-console.ts';

let lab: Lab;
let one: LabHost;
let two: LabHost;
let three: LabHost;
let client: BackendClient;
let backend: Backend;
let remove: () => void;
beforeAll(async () => {
  lab = await startLab({ hosts: ['one', 'two', 'three'].map((name) => ({ name, role: 'plain' as const })) });
  one = lab.host('one');
  two = lab.host('two');
  three = lab.host('three');
  const workspace = makeWorkspace();
  remove = workspace.remove;
  ({ client, backend } = openConsole(workspace.workspacePath));
  // One of them is to be without bash.
  await three.run('usermod -s /bin/sh root');
  await enrol(client, hosts(), lab.sshKeyPath);
  await client.policy.addRules({ rules: [aRule('allow', 'host:one', 'host:two', 'tcp/22'), aRule('allow', 'host:one', 'host:two', 'tcp/8080')] });
  await draftZone(client, 'base', 'app=base', 'enforce');
  const { text } = await client.policy.exportText({});
  const tests = [['allow', 'one', 'two', 22], ['allow', 'one', 'two', 8080], ['deny', 'three', 'two', 8080]].map(([expected, from, to, port]) => `  - {expect: ${expected}, from: host:${from}, to: host:${to}, service: tcp/${port}}\n`).join('');
  await client.policy.importText({ text: `${text.replace(/^tests: \[\]\n/m, '')}tests:\n${tests}`, dryRun: false, take: 'replace' });
  expect((await push(client, 60)).outcome).toBe('confirmed');
});
afterAll(async () => {
  await backend?.close();
  remove?.();
  await lab?.stop();
});

const hosts = (): LabHost[] => [one, two, three];
async function prove(sample = 0): Promise<ProofView> {
  for await (const event of await client.reach.prove({ zone: null, sample, seed: 7 })) if (event.type === 'done') return event.result;
  throw new Error('it ended without a result');
}
const told = ({ from, to, port, destination, conclusion, cause }: ProofRow) => `${from} → ${to}:${port} IPv${destination.includes(':') ? 6 : 4} ${conclusion}: ${cause}`;
const ofTests = ({ rows }: ProofView) => rows.filter(({ test: asked }) => asked !== '').map(told).toSorted();
const inBoth = (...lines: string[]) => lines.flatMap((line) => [4, 6].map((family) => line.replace('IPv', `IPv${family}`))).toSorted();
const LET_IN = ['one → two:22 IPv allowed: two let it in and took the connection', 'one → two:8080 IPv allowed: two let it in; nothing listens there'];

test('allowed and denied pairs and a sample are proven by the kernels of both ends, in IPv4 and IPv6; rules stay, and nothing is left', async () => {
  const rulesOf = () => Promise.all(hosts().map(ourRules));
  const before = await rulesOf();
  const proof = await prove(6);
  expect(ofTests(proof), JSON.stringify(proof.rows)).toEqual(inBoth(...LET_IN, 'three → two:8080 IPv blocked: refused by two on its way in'));
  const sampled = proof.rows.filter(({ test: asked }) => asked === '');
  expect(sampled.length).toBeGreaterThan(5);
  expect(sampled.filter(({ conclusion }) => conclusion !== 'allowed' && conclusion !== 'blocked').map(told)).toEqual([]);
  expect(sampled.some(({ conclusion }) => conclusion === 'blocked')).toBe(true);
  expect(await rulesOf()).toEqual(before);
  for (const host of hosts()) expect(await host.run('nft list tables; ls /run/firebreak | grep ^tmp || true')).toBe('table inet firebreak\n');
  expect(await client.reach.proof({ id: proof.id })).toEqual(proof);
});

test('rules that somebody flushed or added in a kernel contradict the policy, and are told first', async () => {
  // Else the host may put it right by itself meanwhile.
  await two.run('systemctl stop firebreak-verify.timer firebreak-collect.timer');
  // What forbids and what allows go: everybody but `one` gets in on 8080, and `one` no more.
  await two.run('nft flush chain inet firebreak allow_in; nft insert rule inet firebreak input ip saddr != 10.255.255.255 tcp dport 8080 accept; nft insert rule inet firebreak input ip6 saddr != ::1 tcp dport 8080 accept');
  const proof = await prove();
  expect(ofTests(proof)).toEqual(
    inBoth('one → two:22 IPv contradicts: refused by two on its way in', 'one → two:8080 IPv allowed: two let it in; nothing listens there', 'three → two:8080 IPv contradicts: two let it in; only nothing listens there'),
  );
  expect(proof.rows[0]?.conclusion).toBe('contradicts');
  expect(proof.notes).toEqual(['two: the rules in its kernel are not those that were confirmed.']);
  await two.run('systemctl start firebreak-verify.service firebreak-verify.timer firebreak-collect.timer');
  expect(ofTests(await prove())).toEqual(inBoth(...LET_IN, 'three → two:8080 IPv blocked: refused by two on its way in'));
});

test.each([
  ['perl', ['/usr/bin/python3'], 'blocked: refused by two on its way in'],
  ['nc', ['/usr/bin/python3', '/usr/bin/perl'], 'blocked: refused by two on its way in'],
  ['bash', ['/usr/bin/python3', '/usr/bin/perl', '/bin/nc'], 'blocked: refused by two on its way in'],
  ['', ['/usr/bin/python3', '/usr/bin/perl', '/bin/nc', '/bin/bash'], 'not-proven: three: cannot try, there is no tool (python3, perl, nc of OpenBSD or bash)'],
])('a source that has only “%s” to try with', async (tool, away, expected) => {
  const move = (mode: string) => three.run(`for tool in ${away.join(' ')}; do chmod ${mode} "$(readlink -f $tool)"; done`);
  await move('a-x');
  try {
    const proof = await prove();
    expect(proof.rows.filter(({ from }) => from === 'three').map(told).toSorted()).toEqual(inBoth(`three → two:8080 IPv ${expected}`));
    expect(proof.rows.filter(({ from }) => from === 'three').map((row) => row.tool)).toEqual([tool, tool]);
    expect(proof.figures).toMatchObject({ allowed: 4 });
  } finally {
    await move('a+x');
  }
});

test('a time-out alone is no proof: not between hosts that somebody cut off from each other, nor of a host that is away', async () => {
  await two.cutFrom(three);
  expect(ofTests(await prove())).toEqual(inBoth(...LET_IN, 'three → two:8080 IPv not-proven: it left three and never came to two (no answer came): something between them refuses or translates it'));
  await two.healFrom(three);
  await two.cutNetwork();
  try {
    const { rows, figures } = await prove();
    expect(figures).toEqual({ allowed: 0, blocked: 0, contradicts: 0, 'not-proven': 6 });
    for (const { cause, sent, left, entered, answer } of rows) {
      expect({ sent, left, entered, answer }).toEqual({ sent: 'yes', left: 'yes', entered: 'unknown', answer: expect.stringMatching(/^(timed-out|unreachable)$/) });
      expect(cause).toMatch(/; two did not witness: two: /);
    }
  } finally {
    await two.healNetwork();
  }
});
