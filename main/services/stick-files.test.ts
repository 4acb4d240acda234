import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeFolder } from '../db/testing/temporary-workspace.ts';
import { stageOrders, writeCarriedFiles } from './stick-files.ts';

let folder: ReturnType<typeof makeFolder>;
let stick: string;
let victim: string;
beforeEach(() => {
  folder = makeFolder();
  stick = join(folder.folder, 'stick');
  victim = join(folder.folder, 'victim');
  mkdirSync(join(stick, 'policy'), { recursive: true });
});
afterEach(() => folder.remove());

const ORDER = [{ path: 'policy/plc/order', text: 'new', mode: 'file' as const }];

test('a file that came back as a link is replaced, and what it leads to stays', async () => {
  writeFileSync(victim, 'mine');
  mkdirSync(join(stick, 'policy/plc'));
  symlinkSync(victim, join(stick, 'policy/plc/order'));
  symlinkSync(victim, join(stick, 'policy/plc/order.part'));
  await writeCarriedFiles(stick, ORDER);
  expect([readFileSync(victim, 'utf8'), readFileSync(join(stick, 'policy/plc/order'), 'utf8'), readdirSync(join(stick, 'policy/plc'))]).toEqual(['mine', 'new', ['order']]);
});

test.each(['policy/plc', 'policy'])('a folder that came back as a link is refused: %s', async (link) => {
  mkdirSync(join(victim, 'plc'), { recursive: true });
  if (link === 'policy') stick = join(folder.folder, 'other');
  mkdirSync(join(stick, link, '..'), { recursive: true });
  symlinkSync(victim, join(stick, link));
  await expect(writeCarriedFiles(stick, ORDER)).rejects.toMatchObject({ code: 'FILE_NOT_WRITABLE', payload: { detail: expect.stringContaining('link') } });
  expect([readdirSync(victim), readdirSync(join(victim, 'plc'))]).toEqual([['plc'], []]);
});

test('the stick itself may be named by a link, as mount points are, and what is there is replaced with its own mode', async () => {
  symlinkSync(stick, join(folder.folder, 'usb'));
  for (const text of ['one', 'two']) await writeCarriedFiles(join(folder.folder, 'usb'), [{ path: 'kit/site-key', text, mode: 'secret' }]);
  expect([readFileSync(join(stick, 'kit/site-key'), 'utf8'), statSync(join(stick, 'kit/site-key')).mode & 0o777]).toEqual(['two', 0o600]);
});

const order = (host: string, text: string) => ['bundle.nft', 'observe.nft', 'order'].map((name) => ({ path: `policy/${host}/${name}`, text, mode: 'file' as const }));
const held = (host: string) => readdirSync(join(stick, 'policy', host)).map((name) => readFileSync(join(stick, 'policy', host, name), 'utf8'));
async function exportTo(hosts: readonly string[], text: string): Promise<void> {
  const stage = await stageOrders(stick);
  try {
    await stage.write(hosts.flatMap((host) => order(host, text)));
    for (const host of hosts) await stage.put(host);
  } finally {
    await stage.drop();
  }
}

test('an export that is interrupted leaves the old orders whole, hidden from the host that looks for its own, and the next one takes away what is left', async () => {
  await exportTo(['plc', 'hmi'], 'old');
  const cutOff = await stageOrders(stick);
  await cutOff.write(order('plc', 'new'));
  expect([held('plc'), held('hmi')]).toEqual([Array(3).fill('old'), Array(3).fill('old')]);
  expect(execFileSync('sh', ['-c', 'ls -d policy/*/order'], { cwd: stick, encoding: 'utf8' }).trim().split('\n')).toEqual(['policy/hmi/order', 'policy/plc/order']);
  await exportTo(['plc'], 'newer');
  expect([held('plc'), held('hmi'), readdirSync(join(stick, 'policy')).sort()]).toEqual([Array(3).fill('newer'), Array(3).fill('old'), ['hmi', 'plc']]);
});

test('a host whose folder came back as a link is refused, and nothing is left beside the orders', async () => {
  mkdirSync(victim);
  symlinkSync(victim, join(stick, 'policy/plc'));
  await expect(exportTo(['plc'], 'new')).rejects.toMatchObject({ code: 'FILE_NOT_WRITABLE' });
  expect([readdirSync(victim), readdirSync(join(stick, 'policy'))]).toEqual([[], ['plc']]);
});
