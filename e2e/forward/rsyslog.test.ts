import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hasProgram } from '../../build/debian/programs.ts';
import { appendAudit } from '../../main/db/audit-store.ts';
import { listSpooled } from '../../main/db/forward-spool.ts';
import { makeBackend, type TestBackend } from '../../main/services/testing/test-backend.ts';
import type { ForwardKind, ForwardTarget } from '../../shared/model/forward.ts';
import { hasRsyslogTls, makeRsyslog, type Received, type RsyslogServer } from './rsyslog-server.ts';
import { makeTestCa, type TestCa } from './test-ca.ts';

const cannotRun = !hasProgram('rsyslogd') || !hasProgram('openssl') || !hasRsyslogTls();
const KINDS: ForwardKind[] = ['alert', 'audit', 'flow', 'push'];
const HOSTILE = 'café\u202e\n<script>\u001b[2J"]\\ %s';

let folder: string;
let at: TestBackend;
let ca: TestCa;
let server: RsyslogServer;
beforeEach(async () => {
  if (cannotRun) return;
  folder = mkdtempSync(join(tmpdir(), 'firebreak-forward-'));
  ca = makeTestCa(folder, 'good', 'DNS:localhost');
  server = await makeRsyslog(folder, ca);
  at = makeBackend();
  at.clock.nowMs = Date.now();
  await server.start();
});
afterEach(async () => {
  if (cannotRun) return;
  await server.stop('SIGKILL');
  await at.close();
  rmSync(folder, { recursive: true });
});

const add = (name: string, target: ForwardTarget) => at.client.forwards.add({ name, target, format: 'ocsf', kinds: KINDS });
const tcp = () => ({ kind: 'syslog-tcp', host: '127.0.0.1', port: server.ports.tcp }) as const;
const tls = (caPath: string | null, host = 'localhost') => ({ kind: 'syslog-tls', host, port: server.ports.tls, caPath }) as const;
const happen = (amount: number, detail = 'it happened') =>
  at.backend.workspace.transaction((tx) => {
    for (let n = 1; n <= amount; n += 1) appendAudit(tx, { atMs: at.clock.nowMs + n, actor: 'ada', action: 'hosts.label', subject: `host-${n}`, detail });
  });
const spooled = () => listSpooled(at.backend.workspace.read, 0, KINDS, 1_000_000);
const uidOf = ({ body }: Received): string => String((body['metadata'] as { uid: string }).uid);
const waitFor = async (holds: () => boolean) => {
  while (!holds()) await sleep(20);
};

describe.skipIf(cannotRun)('a real rsyslog (skipped without rsyslogd, its OpenSSL module and openssl)', { timeout: 120_000 }, () => {
  test.each([
    ['UDP', () => ({ kind: 'syslog-udp', host: '127.0.0.1', port: server.ports.udp }) as const],
    ['TCP', tcp],
    ['TLS', () => tls(ca.caPath)],
  ])('reads over %s what was sent, whatever a host calls its things', async (_name, target) => {
    await add('siem', target());
    happen(2, HOSTILE);
    const sent = spooled();
    expect(await at.client.forwards.run({ name: 'siem' })).toEqual([{ name: 'siem', sent: sent.length, setAside: 0, waiting: 0, busy: false, confirmed: true, error: null }]);
    await waitFor(() => server.received().length >= sent.length);
    const received = server.received();
    expect(received.map(uidOf)).toEqual(sent.map(({ uid }) => uid));
    expect(received.at(-1)).toMatchObject({
      priority: 16 * 8 + 6,
      atMs: sent.at(-1)?.atMs,
      app: 'firebreak',
      procId: String(process.pid),
      msgId: 'audit',
      body: { class_uid: 6003, type_uid: 600303, actor: { user: { name: 'ada' } }, api: { operation: 'hosts.label' }, resources: [{ name: 'host-2' }], unmapped: { detail: HOSTILE } },
    });
  });

  test.each([
    ['UDP', () => ({ kind: 'syslog-udp', host: '127.0.0.1', port: server.ports.udp }) as const],
    ['TCP', tcp],
    ['TLS', () => tls(ca.caPath)],
  ])('with its own limit of 8 KiB reads over %s a whole message of an entry that is far longer, which says by what hash the whole is found', async (_name, target) => {
    await add('siem', target());
    happen(1, '\u001b'.repeat(20_000));
    happen(1, 'after it');
    const sent = spooled();
    expect((await at.client.forwards.run({ name: 'siem' }))[0]).toMatchObject({ sent: 3, setAside: 0, error: null });
    await waitFor(() => server.received().length >= sent.length);
    const [entry] = await at.client.audit.list({ limit: 1, beforeSeq: 3 });
    expect(server.received().map(uidOf)).toEqual(sent.map(({ uid }) => uid));
    expect(entry?.detail).toHaveLength(20_000);
    expect(server.received()[1]?.body['unmapped']).toMatchObject({ detail: expect.stringMatching(new RegExp(`…\\[shortened from 20000 characters; whole in audit entry 2, hash ${entry?.hash}\\]$`)) });
  });

  test('a certificate of another authority, or for another name, is refused before anything is sent, and the events wait', async () => {
    const other = makeTestCa(folder, 'other', 'DNS:localhost');
    await add('stranger', tls(other.caPath));
    await add('unsigned', tls(null));
    await add('wrong-name', tls(ca.caPath, '127.0.0.1'));
    happen(1);
    const runs = await at.client.forwards.run({ name: null });
    const unsigned = expect.stringMatching(/self.signed certificate|unable to (verify|get)|signature failure/);
    expect(runs.map(({ name, sent, error }) => [name, sent, error])).toEqual([['stranger', 0, unsigned], ['unsigned', 0, unsigned], ['wrong-name', 0, expect.stringContaining('does not match')]]);
    expect(server.received()).toEqual([]);
    await expect(at.client.forwards.test({ name: 'stranger' })).rejects.toMatchObject({ code: 'FORWARD_FAILED' });
    const view = (await at.client.forwards.list({}))[0];
    expect(view).toMatchObject({ name: 'stranger', failures: 1, sent: 0, dropped: 0 });
    expect(view?.waiting).toBeGreaterThan(0);
  });

  test.each([
    ['TCP', tcp],
    ['TLS', () => tls(ca.caPath)],
  ])('nothing is lost over %s though the server is killed, ended and started again in the middle; what came twice has the same id and says the same', async (_name, target) => {
    await add('siem', target());
    const expected = new Set<string>();
    for (const how of ['SIGKILL', 'SIGTERM', 'SIGKILL', 'SIGTERM'] as const) {
      const before = server.received().length;
      happen(1200, how);
      for (const { uid } of spooled()) expected.add(uid);
      const run = at.client.forwards.run({ name: 'siem' });
      await waitFor(() => server.received().length > before);
      await server.stop(how);
      await run;
      // While it is down: nothing is taken, and everything is kept.
      happen(100, 'while it is down');
      for (const { uid } of spooled()) expected.add(uid);
      expect((await at.client.forwards.run({ name: 'siem' }))[0]).toMatchObject({ sent: 0, error: expect.stringContaining('ECONNREFUSED') });
      await server.start();
    }
    expect((await at.client.forwards.run({ name: 'siem' }))[0]).toMatchObject({ waiting: 0, error: null });
    assertAllCame(expected);
  });

  test.each([
    ['TCP', tcp, () => server.ports.tcp],
    ['TLS', () => tls(ca.caPath), () => server.ports.tls],
  ])('nothing is lost over %s though the console is killed while it sends: another one sends again what was not taken, and what came twice has the same id', async (name, target, port) => {
    await add('siem', target());
    const expected = new Set<string>();
    // Where the console was done before the receiver was held, it is killed too late to prove anything: it gets more to send.
    for (let killed = false; !killed; ) {
      happen(name === 'TLS' ? 6000 : 600);
      for (const { uid } of spooled()) expected.add(uid);
      const before = server.size();
      if (name === 'TCP') server.hold('SIGSTOP');
      const console = spawn(process.execPath, [new URL('../../main/cli/main.ts', import.meta.url).pathname, '--workspace', at.path, 'forward', 'run'], { stdio: 'ignore', env: { ...process.env, XDG_CONFIG_HOME: dirname(at.backend.configDir) } });
      const gone = once(console, 'exit');
      // Nothing is sent over TLS before the receiver has answered a handshake: it is held once something came.
      if (name === 'TLS') await waitFor(() => server.size() > before || console.exitCode !== null);
      server.hold('SIGSTOP');
      // The kernel takes the connection and what fits into its buffers; that the receiver has it nobody says.
      await waitFor(() => hasUnread(port()) || console.exitCode !== null);
      killed = console.kill('SIGKILL');
      await gone;
      server.hold('SIGCONT');
    }
    await waitFor(() => server.received().length > 0);
    expect((await at.client.forwards.run({ name: 'siem' }))[0]).toMatchObject({ waiting: 0, busy: false, error: null });
    assertAllCame(expected);
    if (name === 'TCP') expect(server.received().length).toBeGreaterThan(expected.size);
  });
});

/** Whether something has come to the port that its program has not read (proc_net_tcp(5): rx_queue, in hexadecimal). */
function hasUnread(port: number): boolean {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/ +/))
    .some(([, address = '', , state, queues = '']) => address.endsWith(local) && state === '01' && Number.parseInt(queues.split(':')[1] ?? '', 16) > 0);
}

function assertAllCame(expected: ReadonlySet<string>): void {
  const texts = new Map<string, string>();
  for (const line of server.received()) {
    const text = JSON.stringify(line.body);
    expect(texts.get(uidOf(line)) ?? text).toBe(text);
    texts.set(uidOf(line), text);
  }
  expect([...expected].filter((uid) => !texts.has(uid))).toEqual([]);
}
