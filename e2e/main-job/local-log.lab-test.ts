import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BackendClient } from '../../main/rpc/client.ts';
import type { Backend } from '../../main/services/backend.ts';
import type { LabHost } from '../lab/host.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { aRule, draftZone, enrol, makeWorkspace, moveZone, openConsole, push } from './lab-console.ts';

let lab: Lab;
let host: LabHost;
let client: BackendClient;
let backend: Backend;
let remove: () => void;
beforeAll(async () => {
  lab = await startLab({ hosts: [{ name: 'one', role: 'plain' }] });
  host = lab.host('one');
  const workspace = makeWorkspace();
  remove = workspace.remove;
  ({ client, backend } = openConsole(workspace.workspacePath));
  await enrol(client, [host], lab.sshKeyPath);
});
afterAll(async () => {
  await backend?.close();
  remove?.();
  await lab?.stop();
});

/** What a log shipper reads: the lines of our identifier that are events, with the numbers that differ from run to run left out. */
async function readEventLines(): Promise<string[]> {
  const lines = (await host.run('journalctl -q -t firebreak -o cat')).split('\n').filter((line) => line.startsWith('event='));
  return lines.map((line) =>
    line
      .replace(/ seq=\d+/, '')
      .replaceAll(/[0-9a-f]{64}/g, 'HASH')
      .replaceAll(/p_[0-9a-z]+/g, 'PUSH')
      .replace(/secondsLeft=\d+/, 'secondsLeft=N')
      .replace(/by="[^"]+"/, 'by="WHO"'),
  );
}

test('every event of the agent is one line of the journal in the documented form, in its order', async () => {
  await client.policy.addRules({ rules: [aRule('allow', '10.9.0.0/16', 'app=base', 'tcp/8080')] });
  await draftZone(client, 'base', 'app=base', 'test');
  expect((await push(client, 30)).outcome).toBe('confirmed');
  await moveZone(client, 'base', 'enforce');
  expect((await push(client, 30)).outcome).toBe('confirmed');
  for await (const event of await client.pushes.rollback({ hosts: { kind: 'all' }, note: 'test', confirmWithinSeconds: 30 })) void event;
  await host.run('nft flush chain inet firebreak allow_in && systemctl start firebreak-verify.service');
  await host.run('firebreak-agent rollback');
  expect(await readEventLines()).toEqual([
    expect.stringMatching(/^event=applied push="PUSH" by="WHO" bundle="HASH" policy=1 mode="test" secondsLeft=N$/),
    expect.stringMatching(/^event=confirmed push="PUSH" by="WHO" bundle="HASH" policy=1 mode="test"$/),
    expect.stringMatching(/^event=applied push="PUSH" by="WHO" bundle="HASH" policy=2 mode="enforce" secondsLeft=N$/),
    expect.stringMatching(/^event=confirmed push="PUSH" by="WHO" bundle="HASH" policy=2 mode="enforce"$/),
    expect.stringMatching(/^event=applied push="PUSH" by="WHO" bundle="HASH" policy=1 mode="test" secondsLeft=N$/),
    expect.stringMatching(/^event=confirmed push="PUSH" by="WHO" bundle="HASH" policy=1 mode="test"$/),
    expect.stringMatching(
      /^event=tampered what="rules" difference="-chain allow_in: ip saddr 10\.9\.0\.0\/16 tcp dport 8080 .*;\+chain allow_in \{\};" process=.* confidence="(inferred|unknown)"$/,
    ),
    expect.stringMatching(/^event=restored what="rules" from=.* bundle="HASH"$/),
    expect.stringMatching(/^event=rolled-back push="none" because="asked" bundle="HASH"$/),
  ]);
});
