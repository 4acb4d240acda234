import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BackendClient } from '../../main/rpc/client.ts';
import type { Backend } from '../../main/services/backend.ts';
import type { ContainmentOrder } from '../../shared/contract/containment.ts';
import type { Push } from '../../shared/model/diff.ts';
import { HostName } from '../../shared/model/names.ts';
import { until } from '../coexistence/until.ts';
import type { LabHost } from '../lab/host.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { enrol, makeWorkspace, openConsole, ourRules, overAll } from './lab-console.ts';
import { countLines, databaseIsUp, holdSession } from './psql-session.ts';

const QUARANTINE_SECONDS = 30;

let lab: Lab;
let db: LabHost;
let web: LabHost;
let workspacePath: string;
let client: BackendClient;
let backend: Backend;
let remove: () => void;
beforeAll(async () => {
  lab = await startLab({ hosts: [{ name: 'db1', role: 'db' }, { name: 'web1', role: 'plain' }] });
  [db, web] = [lab.host('db1'), lab.host('web1')];
  ({ workspacePath, remove } = makeWorkspace());
  ({ client, backend } = openConsole(workspacePath));
  await databaseIsUp(db);
  await enrol(client, [db], lab.sshKeyPath);
});
afterAll(async () => {
  await backend?.close();
  remove?.();
  await lab?.stop();
});

async function carryOut(order: ContainmentOrder): Promise<Push> {
  const plan = await client.containments.plan(order);
  let last: Push | undefined;
  for await (const event of await client.containments.start({ order, planHash: plan.hash, confirmWithinSeconds: 30 })) last = event;
  if (last === undefined) throw new Error('the push sent no event');
  return last;
}

const quarantine = (forSeconds: number): ContainmentOrder => ({ kind: 'quarantine', host: HostName.parse('db1'), forSeconds, reason: 'a test in the lab' });

const canReach = async (from: LabHost, to: LabHost, port: number) => (await from.tryConnect({ to, port, timeoutMs: 800 })) === 'connected';

describe('a host that only observes is quarantined', () => {
  let before: string;
  let ssh: ReturnType<typeof spawn>;
  let askOverSsh: (word: string) => Promise<string | undefined>;

  test('its live connection stops, it can neither be reached nor reach anybody, and the console’s SSH goes on', async () => {
    before = await ourRules(db);
    await holdSession(web, db, 'stream');
    const child = spawn('ssh', ['-i', lab.sshKeyPath, '-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR', `root@${db.ipv4}`, 'cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
    ssh = child;
    const echo = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    askOverSsh = async (word) => {
      child.stdin.write(`${word}\n`);
      return (await echo.next()).value;
    };
    expect(await askOverSsh('before')).toBe('before');
    expect([await canReach(web, db, 5432), await canReach(db, web, 22)]).toEqual([true, true]);
    await overAll(client, 'collect');
    const orderedMs = performance.now();
    const push = await carryOut(quarantine(600));
    console.log(`quarantined ${Math.round(performance.now() - orderedMs)} ms after the order`);
    expect(push).toMatchObject({ outcome: 'confirmed', hosts: [{ hostName: 'db1', step: 'confirmed' }] });
    const stopped = await countLines(web, 'stream');
    expect([await canReach(web, db, 5432), await canReach(db, web, 22)]).toEqual([false, false]);
    expect(await countLines(web, 'stream')).toBe(stopped);
    expect(await askOverSsh('during')).toBe('during');
    // New connections of the console, too.
    await overAll(client, 'status');
    expect(await client.containments.list({})).toMatchObject([{ state: 'in-force', hosts: ['db1'] }]);
  });

  test('what it refused is recorded as blocked, both ways', async () => {
    await overAll(client, 'collect');
    const { rows } = await client.flows.list({ sinceMs: null, untilMs: null, verdict: ['blocked'], from: null, to: null, text: null, limit: 100, offset: 0 });
    expect(rows.map(({ direction, port }) => `${direction} ${port}`).sort()).toEqual(expect.arrayContaining(['in 5432', 'out 22']));
  });

  test('a reboot does not end it', async () => {
    await db.reboot();
    expect(await canReach(web, db, 5432)).toBe(false);
    expect(await ourRules(db)).toContain('jump contain_in');
  });

  test('a release before its end gives back exactly the rules of before', async () => {
    expect(await carryOut({ kind: 'release', target: 'db1', reason: 'found clean' })).toMatchObject({ outcome: 'confirmed' });
    expect(await canReach(web, db, 5432)).toBe(true);
    expect(await ourRules(db)).toBe(before);
    ssh.kill();
  });

  test('a short one ends by itself, to the second and with the console gone, and all works again', async () => {
    await carryOut(quarantine(QUARANTINE_SECONDS));
    const [view] = await client.containments.list({});
    const endsAtMs = Date.parse(view?.containment.endsAt ?? '');
    await backend.close();
    expect(await canReach(web, db, 5432)).toBe(false);
    await until(() => canReach(web, db, 5432), (isOpen) => isOpen, (QUARANTINE_SECONDS + 10) * 1000);
    const lateMs = Date.now() - endsAtMs;
    console.log(`open again ${lateMs} ms after its end`);
    expect(lateMs).toBeGreaterThanOrEqual(0);
    expect(lateMs).toBeLessThan(5000);
    expect(await canReach(db, web, 22)).toBe(true);
    ({ client, backend } = openConsole(workspacePath));
    expect(await client.containments.list({})).toMatchObject([{ state: 'ended' }]);
  });
});
