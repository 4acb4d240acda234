import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CliAnswer } from '../main-job/cli-session.ts';
import { CliSession } from '../main-job/cli-session.ts';
import type { LabHost } from '../lab/host.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { mustRun } from '../lab/run-command.ts';

/** Two hosts of a site that talk to each other and to nobody else, and a console that no cable reaches them from: all that passes between the two is a folder, carried as a stick is. */
const CONFIRM_WITHIN_SECONDS = 60;
const OURS = 'ls -d /usr/local/lib/firebreak /etc/firebreak /var/lib/firebreak /run/firebreak* /etc/systemd/system/firebreak* 2>/dev/null; nft list tables; true';

let lab: Lab;
let plc: LabHost;
let hmi: LabHost;
let cli: CliSession;
let stick: string;
beforeAll(async () => {
  lab = await startLab({ hosts: [{ name: 'plc', role: 'plain' }, { name: 'hmi', role: 'plain' }] });
  [plc, hmi] = [lab.host('plc'), lab.host('hmi')];
  await Promise.all([plc, hmi].map((host) => host.cutFrom('console')));
  cli = new CliSession();
  stick = mkdtempSync(join(cli.folder, 'stick-'));
  await expectDone(cli.run('init'));
});
afterAll(async () => {
  cli?.remove();
  await lab?.stop();
});

async function expectDone(running: Promise<CliAnswer>): Promise<string> {
  const { code, out, err } = await running;
  expect([code, err, out]).toEqual([0, expect.anything(), expect.anything()]);
  return out;
}

/** Puts the stick into the host, runs a program on it at the host's own keyboard, and takes the stick out with what was written to it. */
async function atKeyboard(host: LabHost, command: string, typed = ''): Promise<{ code: number; stdout: string; stderr: string }> {
  await host.run('mkdir -p /mnt/stick && mount -t tmpfs tmpfs /mnt/stick');
  const carried = join(cli.folder, 'carried.tar');
  await mustRun(['tar', '-cf', carried, '-C', stick, '.']);
  await host.run('tar -xf - -C /mnt/stick', { stdin: readFileSync(carried) });
  const ended = await host.exec(command, { stdin: typed, timeoutMs: 300_000 });
  const back = await host.run('tar -cf - -C /mnt/stick . | base64; umount /mnt/stick; rmdir /mnt/stick', { timeoutMs: 60_000 });
  writeFileSync(carried, Buffer.from(back, 'base64'));
  await mustRun(['tar', '-xf', carried, '-C', stick]);
  return ended;
}

const bundlesIn = (folder: string) => readdirSync(join(stick, folder)).toSorted();
const stateOf = async (name: string) => {
  const host = JSON.parse(await expectDone(cli.run('--json', 'host', 'show', name)));
  return [host.state, host.appliedMode, host.appliedVersion, host.warnings.length];
};

test('collect → carry → import → policy → carry → apply → confirm → receipt → report, with no network between the two', async () => {
  // Nothing of the console's machine reaches the hosts.
  expect((await cli.run('--json', 'host', 'list')).out).toBe('[]');
  for (const host of [plc, hmi]) await expect(mustRun(['ping', '-c', '1', '-W', '1', host.ipv4])).rejects.toThrow();

  // The site works: hmi asks plc, over a connection that stays open while the collector looks.
  const listener = await plc.listen({ port: 502 });
  const fields = await plc.run(`python3 - <<'P' >/dev/null 2>&1 &
import socket, time
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(('0.0.0.0', 4840)); s.listen(8)
kept = []
while True: kept.append(s.accept())
P
sleep 1; echo listening`);
  expect(fields.trim()).toBe('listening');
  await hmi.run(`python3 - <<'P' >/dev/null 2>&1 &
import socket, time
s = socket.create_connection(('${plc.ipv4}', 4840)); time.sleep(600)
P
sleep 1`);

  // Collect: nothing is installed and nothing is left.
  await expectDone(cli.run('bundle', 'kit', '--out', stick));
  for (const host of [plc, hmi]) {
    const before = await host.run(OURS);
    const ended = await atKeyboard(host, 'sh /mnt/stick/firebreak-collect');
    expect([ended.code, ended.stderr, ended.stdout]).toEqual([0, '', expect.stringContaining('signed with the key of the stick')]);
    expect(await host.run(OURS)).toBe(before);
  }
  expect(bundlesIn('collected')).toHaveLength(2);

  // Import: hosts, services, the connection between them, on the map as between two hosts.
  expect(await expectDone(cli.run('bundle', 'import', join(stick, 'collected')))).toMatch(/2 imported, 0 known already, 0 refused/);
  const flows = JSON.parse(await expectDone(cli.run('--json', 'flows', 'list')));
  const told = flows.rows.filter(({ port }: { port: number }) => port === 4840).map((row: Record<string, unknown>) => [row['reporterName'], row['peerName'], row['direction'], row['connections']]);
  // Both ends tell it, each in its own bundle.
  expect(told).toEqual([['plc', 'hmi', 'in', 1], ['plc', 'hmi', 'in', 1]]);
  const shown = JSON.parse(await expectDone(cli.run('--json', 'host', 'show', 'plc')));
  expect(shown.listening.map(({ port }: { port: number }) => port)).toEqual(expect.arrayContaining([22, 502, 4840]));

  // Policy: plc takes hmi on 4840 and nobody on 502.
  await expectDone(cli.run('host', 'label', 'plc', 'app=plc'));
  await expectDone(cli.run('zone', 'add', 'control', '--select', 'app=plc'));
  await expectDone(cli.run('rule', 'add', '--from', 'host:hmi', '--to', 'zone:control', '--service', 'tcp/4840', '--owner', 'ot'));
  for (const mode of ['test', 'enforce'] as const) {
    const checks = JSON.parse(await expectDone(cli.run('--json', 'zone', 'readiness', 'control', mode)));
    const blockers: string[] = checks.filter(({ state }: { state: string }) => state === 'blocker').map(({ check }: { check: string }) => check);
    await expectDone(cli.run('zone', 'mode', 'control', mode, ...blockers.flatMap((check) => ['--waive', check]), '--reason', 'a site without a cable'));
  }
  expect((await cli.run('plan')).out).toContain('Reached by stick, and so left out: hmi, plc');
  await expectDone(cli.run('bundle', 'export', 'plc', '--out', stick, '--note', 'first rules of the site'));

  // Apply without confirming: the host goes back at once, and says so. What was refused stays open.
  const refused = await atKeyboard(plc, `sh /mnt/stick/firebreak-apply --confirm-within ${CONFIRM_WITHIN_SECONDS}`, 'no\n');
  expect([refused.code, refused.stdout]).toEqual([1, expect.stringContaining('Not confirmed: the host runs what it ran before.')]);
  expect(await hmi.tryConnect({ to: plc, port: 502 })).toBe('connected');
  expect(await expectDone(cli.run('bundle', 'receipt', join(stick, 'receipts')))).toContain('rolled-back');
  expect(await stateOf('plc')).toEqual(['behind', 'observe', null, 0]);

  // The same rules are not taken twice; exported again they are, confirmed at the keyboard.
  const replayed = await atKeyboard(plc, `sh /mnt/stick/firebreak-apply --confirm-within ${CONFIRM_WITHIN_SECONDS}`, 'confirm\n');
  expect([replayed.code, replayed.stderr]).toEqual([1, expect.stringContaining('BUNDLE_REPLAYED')]);
  await expectDone(cli.run('bundle', 'export', 'plc', '--out', stick, '--note', 'again'));
  const wrongHost = await atKeyboard(hmi, 'sh /mnt/stick/firebreak-apply', 'confirm\n');
  expect([wrongHost.code, wrongHost.stderr]).toEqual([3, expect.stringContaining('the stick has no policy for this machine')]);
  const applied = await atKeyboard(plc, `sh /mnt/stick/firebreak-apply --confirm-within ${CONFIRM_WITHIN_SECONDS}`, 'confirm\n');
  expect([applied.code, applied.stdout]).toEqual([0, expect.stringContaining('Confirmed: these rules stay')]);
  expect([await hmi.tryConnect({ to: plc, port: 4840 }), await hmi.tryConnect({ to: plc, port: 502 })]).toEqual(['connected', 'timeout']);

  // Receipt: only the new one is news; the host's state is what it said, and the report has it.
  const taken = await cli.run('bundle', 'receipt', join(stick, 'receipts'));
  expect([taken.code, taken.out]).toEqual([3, expect.stringMatching(/plc: push p_\w+ confirmed/)]);
  expect(await stateOf('plc')).toEqual(['in-sync', 'enforce', 1, 0]);
  const tampered = join(stick, 'receipts', bundlesIn('receipts').at(-1) ?? '');
  const bytes = readFileSync(tampered);
  bytes.writeUInt8((bytes[bytes.length >> 1] ?? 0) ^ 1, bytes.length >> 1);
  writeFileSync(join(cli.folder, 'tampered.tar.gz'), bytes);
  expect((await cli.run('bundle', 'receipt', join(cli.folder, 'tampered.tar.gz'))).code).toBe(3);
  const report = join(cli.folder, 'summary.html');
  await expectDone(cli.run('report', 'summary', '--out', report));
  const page = readFileSync(report, 'utf8');
  expect(page).toMatch(/Carried bundles[\s\S]*each bundle is signed/);
  expect(page).toMatch(/Carried by stick: again/);
  const tables = join(cli.folder, 'csv');
  await expectDone(cli.run('report', 'csv', '--out', tables, '--from', '1d'));
  // Periods are whole hours, so what it ran in this one is not in them yet; what it runs is.
  expect(readFileSync(join(tables, 'hosts.csv'), 'utf8')).toMatch(/plc,[^\n]*collected=signed[^\n]*enforce/);

  // After a restart it still enforces, and still nothing of the console was ever needed.
  await plc.reboot();
  await plc.listen({ port: 502 });
  expect(await hmi.tryConnect({ to: plc, port: 502 })).toBe('timeout');
  await listener.close?.();
  rmSync(stick, { recursive: true, force: true });
});
