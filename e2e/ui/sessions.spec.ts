import { parsePeer } from '../../shared/text/peer-text.ts';
import { parseServiceRefs } from '../../shared/text/service-text.ts';
import { axeFindings } from './axe-findings.ts';
import { expect, test } from './console-test.ts';
import type { LaunchedConsole } from './fixtures/launch-console.ts';
import type { LiveSite } from './fixtures/live-site.ts';
import { ChangesScreen } from './screens/changes-screen.ts';

function typed<T>(parsed: { ok: true; value: T } | { ok: false }): T {
  if (!parsed.ok) throw new Error('the spec’s own text is wrong');
  return parsed.value;
}

/** Both hosts about to enforce, with web-1 → db-1 allowed; one session of each kind lives on db-1. */
async function prepare({ client }: LaunchedConsole, site: LiveSite) {
  await site.enroll(client);
  const held = {
    allowed: site.fleet.hold({ from: 'web-1', to: 'db-1', protocol: 'tcp', port: 5432, user: 'www-data', unit: 'nginx.service' }),
    forbidden: site.fleet.hold({ from: '10.77.0.99', to: 'db-1', protocol: 'tcp', port: 5432, user: 'eve', unit: '' }),
  };
  await client.policy.addZone({ name: 'shop', select: { include: [{ terms: [{ key: 'app', op: '=', values: ['shop'] }] }], exclude: [] }, outbound: 'open', note: '' });
  for (const mode of ['test', 'enforce'] as const) {
    const blockers = (await client.policy.readiness({ name: 'shop', mode })).filter((check) => check.state === 'blocker');
    await client.policy.setZoneMode({ name: 'shop', mode, waivers: blockers.map(({ check }) => ({ check, reason: 'a test' })) });
  }
  const rule = { action: 'allow' as const, from: typed(parsePeer('role=web')), to: typed(parsePeer('role=db')), services: typed(parseServiceRefs('tcp/5432')), owner: '', reason: '', ticket: '', reviewOn: null, expiresOn: null };
  await client.policy.addRules({ rules: [rule] });
  return held;
}

test('live connections that the draft forbids are listed, kept unless told otherwise, and cut when that was chosen', async ({ live: { app, site } }) => {
  const held = await prepare(app, site);
  const changes = new ChangesScreen(app.page);
  await changes.shell.goTo('Changes');
  const rows = changes.sessions.getByRole('row');
  await expect(rows).toHaveCount(2);
  await expect(rows.nth(1)).toContainText('10.77.0.99 → db-1');
  await expect(rows.nth(1)).toContainText('tcp/5432');
  await expect(rows.nth(1)).toContainText('postgres.service');
  await expect(rows.nth(1)).toContainText('the zone’s default');

  expect(await axeFindings(app.page)).toEqual([]);

  await expect(app.page.getByRole('radio', { name: /^Keep them/ })).toBeChecked();
  await app.page.getByText('Cut them').click();
  await expect(app.page.getByRole('radio', { name: /^Cut them/ })).toBeChecked();
  expect(held.forbidden.isAlive()).toBe(true);
  await changes.pushButton.click();
  for (const name of ['db-1', 'web-1']) await expect(changes.track(name)).toContainText('Confirmed');
  await expect(changes.track('db-1')).toContainText('1 live connection cut');
  expect([held.allowed.isAlive(), held.forbidden.isAlive()]).toEqual([true, false]);
});

test('a push cuts nothing by itself', async ({ live: { app, site } }) => {
  const held = await prepare(app, site);
  const changes = new ChangesScreen(app.page);
  await changes.shell.goTo('Changes');
  await expect(changes.sessions.getByRole('row')).toHaveCount(2);
  await changes.pushButton.click();
  for (const name of ['db-1', 'web-1']) await expect(changes.track(name)).toContainText('Confirmed');
  expect([held.allowed.isAlive(), held.forbidden.isAlive()]).toEqual([true, true]);
});

test('a host that gives no answer is named beside the list of the others', async ({ live: { app, site } }) => {
  await prepare(app, site);
  site.fleet.hosts.find(({ name }) => name === 'web-1')?.setCable('out');
  const changes = new ChangesScreen(app.page);
  await changes.shell.goTo('Changes');
  await expect(changes.sessions).toContainText('web-1: Its live connections are not known', { timeout: 30_000 });
  await expect(changes.sessions.getByRole('row')).toHaveCount(2);
});
