import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Lab, startLab } from '../lab/lab.ts';
import { enrol, makeWorkspace, openConsole } from './lab-console.ts';

let lab: Lab;
let workspace: ReturnType<typeof makeWorkspace>;
beforeAll(async () => {
  lab = await startLab({ hosts: [{ name: 'one', role: 'plain' }] });
  workspace = makeWorkspace();
});
afterAll(async () => {
  await lab?.stop();
  workspace?.remove();
});

test('a host that presents another key is refused before any authentication', async () => {
  const host = lab.host('one');
  const first = openConsole(workspace.workspacePath);
  await enrol(first.client, lab.hosts, lab.sshKeyPath);
  await first.backend.close();
  const pinned = await host.hostKeyFingerprint();
  const presented = await host.changeHostKey();
  await host.run('mkdir -p /etc/ssh/sshd_config.d && echo "LogLevel DEBUG1" > /etc/ssh/sshd_config.d/00-test.conf && systemctl restart ssh.service');
  const since = (await host.run(['date', '+%s'])).trim();

  const { client, backend } = openConsole(workspace.workspacePath);
  const events = await Array.fromAsync(await client.agents.status({ hosts: { kind: 'all' } }));
  const done = events.at(-1);
  expect(done).toMatchObject({ type: 'done', result: { hosts: [{ ok: false, error: { code: 'HOST_KEY_CHANGED' } }] } });
  expect(JSON.stringify(done)).toContain(pinned);
  expect(JSON.stringify(done)).toContain(presented);
  await backend.close();

  const log = await host.run(['journalctl', '--unit=ssh.service', '--output=cat', '--quiet', `--since=@${since}`]);
  expect(log).toContain('Connection from');
  expect(log).not.toMatch(/userauth-request|Accepted|Failed|Postponed/);
});
