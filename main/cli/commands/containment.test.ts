import { afterEach, expect, test } from 'vitest';
import { type PushKit, startPushKit } from '../../../e2e/fakehost/push-kit.ts';
import { createClient } from '../../rpc/client.ts';
import { runFirebreak } from '../testing/run-firebreak.ts';

let kit: PushKit;
afterEach(() => kit.close());

const firebreak = (...argv: string[]) => runFirebreak({ path: kit.workspacePath, client: createClient(kit.backend) }, argv);

const QUARANTINE = ['quarantine', 'host-1', '--for', '4h', '--reason', 'beacons'];

test('quarantine shows the plan, asks, pushes and lists; release ends it', async () => {
  kit = await startPushKit(1);
  expect(await firebreak(...QUARANTINE, '--dry-run')).toMatchObject({ code: 0, out: expect.stringContaining('quarantine of host-1; until 2026-11-21T04:00:00Z; by ada') });
  expect(await firebreak('containment', 'list')).toMatchObject({ code: 0, out: 'Nothing is contained.' });
  expect(await firebreak(...QUARANTINE)).toMatchObject({ code: 1, err: expect.stringContaining('--yes') });
  expect(await firebreak(...QUARANTINE, '--yes')).toMatchObject({ code: 0, out: expect.stringMatching(/push p_\w+, version 1: confirmed/) });
  const { out } = await firebreak('containment', 'list');
  expect(out.split('\n')[1]).toMatch(/^c_\w{12}\s+in-force\s+2026-11-21T04:00:00Z\s+quarantine of host-1\s+host-1\s+ada\s+beacons$/);
  expect(await firebreak('release', 'host-1', '--reason', 'cleaned', '--yes')).toMatchObject({ code: 0, out: expect.stringContaining('confirmed') });
  expect((await firebreak('containment', 'list')).out).toBe('Nothing is contained.');
});

test('wrong words say what to do', async () => {
  kit = await startPushKit(1);
  expect(await firebreak('quarantine', 'host-1', '--for', 'soon', '--reason', 'x')).toMatchObject({ code: 2, err: expect.stringContaining('“soon” is no time such as 30m, 4h or 2d') });
  expect(await firebreak('quarantine', 'host-1', '--for', '90d', '--reason', 'x')).toMatchObject({ code: 2, err: expect.stringContaining('firebreak rule add --deny') });
  expect(await firebreak('quarantine', 'host-1', '--for', '4h')).toMatchObject({ code: 2, err: expect.stringContaining('--reason') });
  expect(await firebreak('quarantine', 'host-1', '--for', '4h', '--reason', ' ')).toMatchObject({ code: 2, err: expect.stringContaining('say why') });
  expect(await firebreak('close', 'tcp/445', '--zone', 'shop', '--for', '4h', '--until', 'dawn', '--reason', 'worm')).toMatchObject({ code: 2, err: expect.stringContaining('--until: “dawn” is no period') });
  expect(await firebreak('close', 'tcp/445', '--zone', 'shop', '--for', '4h', '--since', '2h', '--until', '5h', '--reason', 'worm')).toMatchObject({ code: 2, err: expect.stringContaining('nothing can be in between') });
  expect(await firebreak('close', 'tcp/445', '--zone', 'shop', '--for', '4h', '--reason', 'worm')).toMatchObject({ code: 2, err: expect.stringContaining('no zone “shop” was pushed yet') });
  expect(await firebreak('release', 'host-1', '--reason', 'x')).toMatchObject({ code: 1, err: expect.stringContaining('containment of that id or host') });
});
