import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { AgentStatus } from '../../shared/contract/agent-replies.ts';
import type { Rule } from '../../shared/model/policy.ts';
import { compileHost } from '../../shared/policy/compile.ts';
import { printBundle } from '../../shared/policy/print.ts';
import { aHost, aPolicy, aRule, aZone, hostId } from '../../shared/policy/testing/builders.ts';
import { AgentShell } from './agent-shell.ts';
import { createNamespacePair } from './namespaces.ts';
import { LineProgram, run } from './run.ts';

const PEER = '192.0.2.2';
/** Rule `n` is about port 7000 + n of the peer. */
const toPeer = (n: number, rest: Partial<Pick<Rule, 'action'>> & { as?: string; services?: string }) => aRule({ n, from: 'role=web', to: `${PEER}/32`, services: `tcp/${7000 + n}`, ...rest });
const RULES = [
  toPeer(1, { as: 'user:backup' }),
  toPeer(2, { as: 'group:daemon' }),
  toPeer(3, { as: 'user:fbk-late' }),
  toPeer(4, { as: 'user:34' }),
  toPeer(5, {}),
  toPeer(6, { action: 'deny', as: 'user:backup', services: 'tcp/7005' }),
];
const PORTS = [7001, 7002, 7003, 7004, 7005];

const LISTEN = `
import selectors, socket, sys
s = selectors.DefaultSelector()
for port in ${JSON.stringify(PORTS)}:
  l = socket.create_server(("${PEER}", port), backlog=64); s.register(l, 1)
print("listening", flush=True)
while True:
  for key, _ in s.select(): key.fileobj.accept()[0].close()
`;
/** Connects to each port as uid and gid of the arguments and prints the ports that answered. */
const CONNECT = `
import os, socket, sys
os.setgroups([]); os.setgid(int(sys.argv[2])); os.setuid(int(sys.argv[1]))
open_ = []
for port in ${JSON.stringify(PORTS)}:
  s = socket.socket(); s.settimeout(5)
  try: s.connect(("${PEER}", port)); open_.append(port)
  except ConnectionRefusedError: pass
  s.close()
print(*open_)
`;
const BACKUP = { uid: 34, gid: 34 };
const DAEMON = { uid: 1, gid: 1 };
const ROOT = { uid: 0, gid: 0 };
const LATE = { uid: 4242, gid: 4242 };

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

test('a rule for a user or group holds for real connections of theirs and nobody else’s, also once the account exists later', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-identity-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  const pair = createNamespacePair('idn');
  cleanups.push(() => pair.remove());
  run(['ip', '-n', pair.outside, 'addr', 'add', `${PEER}/30`, 'dev', pair.device]);
  const listener = new LineProgram(['ip', 'netns', 'exec', pair.outside, 'python3', '-c', LISTEN]);
  cleanups.push(() => listener.stop());
  await listener.nextLine();
  const shell = new AgentShell(pair.host);
  cleanups.push(() => shell.stop());
  const opened = ({ uid, gid }: { uid: number; gid: number }) =>
    run(['ip', 'netns', 'exec', pair.host, 'python3', '-c', CONNECT, String(uid), String(gid)]).trim().split(' ').filter((word) => word !== '').map(Number);

  const host = aHost({ n: 1, labels: 'role=web', addresses: ['192.0.2.1'], consoles: ['203.0.113.9'] });
  const bundleOf = (rules: Rule[]) => printBundle(compileHost(aPolicy({ zones: [aZone({ name: 'web', select: 'role=web', outbound: 'restricted' })], rules }), [host], hostId(1), { nowMs: Date.now() }), { policyVersion: 1 }).text;
  const path = join(folder, 'bundle.nft');
  writeFileSync(path, bundleOf([]));
  await shell.run('echo h_000000000001 >/etc/firebreak/host-id');
  await shell.run(`cp ${path} /var/lib/firebreak/confirmed.nft && nft -f ${path}`);
  expect(opened(BACKUP)).toEqual([]);

  writeFileSync(path, bundleOf(RULES));
  expect(JSON.parse(await shell.agent('check', path))).toEqual({ v: 1, ok: true, unresolved: ['user fbk-late'] });
  await shell.agent('apply --id p_000000000001 --by test --confirm-within 60', path);
  const confirmed = AgentStatus.parse(JSON.parse(await shell.agent('confirm p_000000000001')));
  expect(confirmed).toMatchObject({ unresolved: ['user fbk-late'], kernelHash: confirmed.expectedKernelHash });
  expect([BACKUP, DAEMON, ROOT, LATE].map(opened)).toEqual([[7001, 7004], [7002, 7005], [7005], [7005]]);

  await shell.run('{ cat /etc/passwd; echo fbk-late:x:4242:4242::/:/bin/sh; } >/run/firebreak/passwd && mount --bind /run/firebreak/passwd /etc/passwd');
  await shell.agent('collect');
  const status = AgentStatus.parse(JSON.parse(await shell.agent('status')));
  expect(status).toMatchObject({ unresolved: [], kernelHash: confirmed.kernelHash, expectedKernelHash: confirmed.kernelHash });
  expect(opened(LATE)).toEqual([7003, 7005]);

  await shell.run('nft delete table inet firebreak');
  await shell.agent('boot');
  expect([BACKUP, DAEMON, ROOT, LATE].map(opened)).toEqual([[7001, 7004], [7002, 7005], [7005], [7003, 7005]]);
});
