import { afterEach, expect, test } from 'vitest';
import { type PushKit, startPushKit } from '../../../e2e/fakehost/push-kit.ts';
import { aShop } from '../../../e2e/fakehost/push-policies.ts';
import { createClient } from '../../rpc/client.ts';
import { runFirebreak } from '../testing/run-firebreak.ts';

let kit: PushKit;
afterEach(() => kit.close());

const firebreak = (...argv: string[]) => runFirebreak({ path: kit.workspacePath, client: createClient(kit.backend) }, argv);

test('hosts that are away are told of wherever one looks, and get what they missed when one asks for it', async () => {
  kit = await startPushKit(2);
  kit.setPolicy(aShop('test'));
  expect(await firebreak('push', '--pending', '--yes')).toMatchObject({ code: 1, err: expect.stringContaining('No host waits for a push that it missed.') });
  await kit.host(1).leave();
  expect((await firebreak('push', '--yes')).out).toContain('failed');
  expect((await firebreak('settings', '--leave-away', 'on')).out).toContain('Hosts that are away: left out of a push, and wait for it');
  expect((await firebreak('push', '--yes', '--no-leave-away')).code).toBe(1);
  expect(await firebreak('push', '--yes')).toMatchObject({ code: 0, out: expect.stringContaining('version 1: confirmed; 1 host is away and gets it when it returns (firebreak push --pending)') });
  expect((await firebreak('host', 'list')).out).toMatch(/host-2 +\S+ \(waits for version 1 since 2026-11-21 00:00Z\)/);
  expect((await firebreak('host', 'show', 'host-2')).out).toContain('to send it now: firebreak push --pending');
  expect((await firebreak('reconcile')).out).toBe('No push was interrupted.\n\nhost-2 waits for version 1 since 2026-11-21 00:00Z\nTo send it now: firebreak push --pending');
  expect((await firebreak('doctor', '--stored')).out).toContain('host-2 waits for version 1');
  expect(await firebreak('push', '--pending', '--canary', 'host-2')).toMatchObject({ code: 2, err: expect.stringContaining('all at once') });
  await kit.host(1).comeBack();
  const delivered = await firebreak('push', '--pending', '--yes');
  expect([delivered.code, delivered.err, delivered.out]).toEqual([0, expect.stringContaining('host-2 (shop): observe → test'), expect.stringContaining('confirmed')]);
  expect((await firebreak('doctor', '--stored')).out).toContain('no host missed a push');
});

test('a host can be told to wait no longer', async () => {
  kit = await startPushKit(2);
  kit.setPolicy(aShop('test'));
  await kit.host(1).leave();
  await firebreak('push', '--yes', '--leave-away');
  expect((await firebreak('push', '--forget-pending', 'host-2')).out).toBe('host-2 waits no longer for version 1; it stays as it is.');
  expect((await firebreak('push', '--forget-pending', 'host-2')).out).toBe('None of these waits for a push.');
});

test('maintenance windows are set, listed and removed; a push beside one is refused unless it says why', async () => {
  kit = await startPushKit(1);
  kit.setPolicy(aShop('test'));
  // The kit's time begins on a Saturday at 00:00 UTC.
  expect((await firebreak('settings', '--window', 'shop=Sat 22:00-04:00 UTC', '*=Sun 01:00-02:00 UTC')).out).toContain('Maintenance window: shop=Sat 22:00-04:00 UTC (');
  expect(await firebreak('settings', '--window', 'crm=Sat 22:00-04:00 UTC')).toMatchObject({ code: 1, err: expect.stringContaining('There is no zone “crm”') });
  expect(await firebreak('settings', '--window', 'shop=Sat')).toMatchObject({ code: 2, err: expect.stringContaining('--window') });
  expect((await firebreak('plan')).out).toContain('zone shop (host-1): closed, opens Sat 2026-11-21 22:00 UTC');
  expect(await firebreak('push', '--yes')).toMatchObject({ code: 1, err: expect.stringContaining('the maintenance window of zone shop is closed') });
  expect((await firebreak('push', '--yes', '--outside-window', 'a hole')).code).toBe(0);
  expect((await firebreak('version', 'list')).out).toContain('outside the maintenance window of zone shop: a hole');
  expect((await firebreak('settings', '--remove-window', 'shop', '*')).out).toContain('Maintenance windows: none');
  expect(await firebreak('settings', '--remove-window', 'shop')).toMatchObject({ code: 1, err: expect.stringContaining('maintenance window of') });
});

test('zones go one after another where that is asked for', async () => {
  kit = await startPushKit(2);
  kit.setPolicy({ ...aShop('test', 'host-2'), zones: [...aShop('test', 'host-2').zones, ...aShop('test', 'host-1').zones.map((zone) => ({ ...zone, name: 'backups' }))] });
  expect(await firebreak('push', '--yes', '--waves', 'all', '--zone-order', 'shop,backups')).toMatchObject({ code: 0, err: expect.stringContaining('In 2 waves, each once the one before has confirmed: host-2; host-1.') });
  expect(await firebreak('push', '--yes', '--zone-order', 'sh op')).toMatchObject({ code: 2, err: expect.stringContaining('“sh op” is no zone') });
});
