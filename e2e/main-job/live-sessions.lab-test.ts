import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BackendClient } from '../../main/rpc/client.ts';
import type { Backend } from '../../main/services/backend.ts';
import type { Push } from '../../shared/model/diff.ts';
import type { SessionChoice } from '../../shared/model/session.ts';
import { until } from '../coexistence/until.ts';
import type { LabHost } from '../lab/host.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { aRule, draftZone, enrol, makeWorkspace, moveZone, openConsole } from './lab-console.ts';
import { answers, databaseIsUp, holdSession } from './psql-session.ts';

const AGENT = '/usr/local/lib/firebreak/firebreak-agent';

let lab: Lab;
let db: LabHost;
let web: LabHost;
let old: LabHost;
let client: BackendClient;
let backend: Backend;
let remove: () => void;
beforeAll(async () => {
  lab = await startLab({ hosts: [{ name: 'db1', role: 'db' }, { name: 'web1', role: 'plain' }, { name: 'old1', role: 'plain' }] });
  [db, web, old] = [lab.host('db1'), lab.host('web1'), lab.host('old1')];
  const workspace = makeWorkspace();
  remove = workspace.remove;
  ({ client, backend } = openConsole(workspace.workspacePath));
  await databaseIsUp(db);
  await enrol(client, [db], lab.sshKeyPath);
  await client.policy.addRules({ rules: [aRule('allow', `${web.ipv4}/32`, 'role=db', 'tcp/5432')] });
  await draftZone(client, 'data', 'role=db', 'test');
  await push('keep');
});
afterAll(async () => {
  await backend?.close();
  remove?.();
  await lab?.stop();
});

async function push(sessions: SessionChoice): Promise<Push> {
  const plan = await client.pushes.plan({ zone: null });
  let last: Push | undefined;
  for await (const event of await client.pushes.start({ planHash: plan.hash, zone: null, note: 'test', confirmWithinSeconds: 30, sessions })) last = event;
  if (last === undefined) throw new Error('the push sent no event');
  return last;
}

const isActive = (host: LabHost, unit: string) => host.run(`systemctl is-active ${unit} || true`);

describe('a PostgreSQL session that the new policy forbids', () => {
  test('is listed in the plan with both ends, user and unit, and the allowed one is not', async () => {
    await holdSession(web, db, 'allowed');
    await holdSession(old, db, 'forbidden');
    await moveZone(client, 'data', 'enforce');
    const { hosts } = await client.pushes.sessions({ zone: null });
    expect(hosts).toMatchObject([{ hostName: 'db1', total: 1, uncertain: 0 }]);
    expect(hosts[0]?.forbidden).toMatchObject([
      { direction: 'in', protocol: 'tcp', localAddress: db.ipv4, localPort: 5432, peerAddress: old.ipv4, user: 'postgres', process: 'postgres', unit: 'postgresql@15-main.service', by: null },
    ]);
  });

  test('lives on when the push keeps sessions, though nobody could open it any more', async () => {
    const done = await push('keep');
    expect(done).toMatchObject({ outcome: 'confirmed', sessions: 'keep' });
    await answers(old, 'forbidden');
    expect(await old.tryConnect({ to: db, port: 5432, timeoutMs: 500 })).not.toBe('connected');
  });

  test('ends at once when the push cuts sessions; the allowed one and the console’s SSH live', async () => {
    // A rule more and one less: the host enforces already, and gets tighter rules.
    const [rule] = await client.policy.addRules({ rules: [aRule('deny', `${old.ipv4}/32`, 'role=db', 'any')] });
    expect((await client.pushes.sessions({ zone: null })).hosts).toMatchObject([{ hostName: 'db1', total: 1, forbidden: [{ peerAddress: old.ipv4, by: rule?.id }] }]);
    const ssh = spawn('ssh', ['-i', lab.sshKeyPath, '-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR', `root@${db.ipv4}`, 'cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const echo = createInterface({ input: ssh.stdout })[Symbol.asyncIterator]();
    const askOverSsh = async (word: string) => {
      ssh.stdin.write(`${word}\n`);
      return (await echo.next()).value;
    };
    expect(await askOverSsh('before')).toBe('before');
    const done = await push('cut');
    expect(done).toMatchObject({ outcome: 'confirmed', sessions: 'cut', hosts: [{ sessionsCut: { cut: 1, forgotten: 0, failed: 0, note: null } }] });
    const startMs = performance.now();
    await until(() => isActive(old, 'forbidden'), (text) => text === 'inactive\n' || text === 'failed\n', 2000);
    console.log(`the forbidden client noticed ${Math.round(performance.now() - startMs)} ms after the push had ended: ${(await old.run('tail -n 2 /run/forbidden')).trim().replaceAll('\n', ' ')}`);
    await answers(web, 'allowed');
    expect(await askOverSsh('after')).toBe('after');
    ssh.kill();
  });

  test('is told by the host’s journal, its events and the audit log', async () => {
    expect(await db.run('journalctl -q -t firebreak -o cat -n 5')).toMatch(/event=sessions-cut seq=\d+ push="p_[0-9a-z]+" count=1 forgotten=0 failed=0 kept=0/);
    expect(await db.run(`${AGENT} events --after 0`)).toContain('"event":"sessions-cut"');
    const audit = await client.audit.list({ limit: 20, beforeSeq: null });
    expect(audit.find(({ action }) => action === 'push.sessions-cut')).toMatchObject({ subject: 'db1', detail: expect.stringMatching(new RegExp(`1 live connection cut: tcp ${old.ipv4}:\\d+ → ${db.ipv4}:5432`)) });
  });
});
