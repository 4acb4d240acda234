import type { Page } from '@playwright/test';
import { axeFindings } from './axe-findings.ts';
import { expect, test } from './console-test.ts';
import { ChangesScreen } from './screens/changes-screen.ts';
import { HostsScreen } from './screens/hosts-screen.ts';
import { ZonesScreen } from './screens/zones-screen.ts';
import { themesInTurn } from './themes.ts';

async function findings(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of themesInTurn(2)) {
    await page.emulateMedia({ colorScheme });
    found.push(...(await axeFindings(page)).map((finding) => `${colorScheme} ${finding}`));
  }
  return found;
}

test('a host is quarantined with a look at what that cuts, is marked everywhere, and is released', async ({ live: { app, site } }) => {
  test.slow();
  await site.enroll(app.client);
  const hosts = new HostsScreen(app.page);
  await hosts.shell.goTo('Hosts');
  await hosts.row('db-1').getByRole('link', { name: 'db-1', exact: true }).click();
  await app.page.getByRole('button', { name: 'Quarantine …' }).click();
  const dialog = hosts.shell.dialog('Quarantine db-1');
  await expect(dialog.getByRole('region', { name: 'Seen flows that change' })).toContainText('web-1 → db-1');
  await expect(dialog).toContainText('live connections that it forbids end at once');
  await expect(dialog.getByRole('button', { name: 'Quarantine now' })).toBeDisabled();
  await dialog.getByLabel('Reason').fill('beacons to a known address');
  expect(await findings(app.page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Quarantine now' }).click();

  const changes = new ChangesScreen(app.page);
  await expect(changes.track('db-1')).toContainText('Confirmed');
  await expect(changes.history).toContainText('quarantine of db-1');
  expect(await app.client.containments.list({})).toMatchObject([{ state: 'in-force', hosts: ['db-1'], containment: { reason: 'beacons to a known address' } }]);

  await hosts.shell.goTo('Hosts');
  await expect(hosts.row('db-1')).toContainText('quarantined');
  await expect(hosts.row('web-1')).not.toContainText('quarantined');
  expect(await findings(app.page)).toEqual([]);
  await hosts.row('db-1').getByRole('link', { name: 'db-1', exact: true }).click();
  await expect(app.page.getByText(/Quarantined: only SSH from the consoles gets through\. (4 h|3 h 59 min) left\./)).toBeVisible();
  await expect(app.page.getByText(/Ordered by ann: beacons to a known address/)).toBeVisible();
  expect(await findings(app.page)).toEqual([]);

  await app.page.getByRole('button', { name: 'Release …' }).click();
  const release = hosts.shell.dialog('Release: quarantine of db-1');
  await expect(release.getByRole('region', { name: 'Seen flows that change' })).toContainText('open again');
  await release.getByLabel('Reason').fill('reinstalled');
  await release.getByRole('button', { name: 'Release now' }).click();
  await expect(changes.track('db-1')).toContainText('Confirmed');
  expect(await app.client.containments.list({})).toEqual([]);
  await hosts.shell.goTo('Hosts');
  await expect(hosts.row('db-1')).not.toContainText('quarantined');
});

test('a service is closed in a zone but for who used it, the zone says so, and it is released there', async ({ live: { app, site } }) => {
  test.slow();
  await site.enroll(app.client);
  const zones = new ZonesScreen(app.page);
  await zones.shell.goTo('Zones');
  await zones.add('databases', 'role=db');
  await zones.move('databases', 'test', 'a test');
  const changes = new ChangesScreen(app.page);
  await changes.shell.goTo('Changes');
  await changes.pushButton.click();
  await expect(changes.track('db-1')).toContainText('Confirmed');
  await zones.shell.goTo('Zones');
  await zones.zone('databases').getByRole('button', { name: 'Actions for databases' }).click();
  await app.page.getByRole('menuitem', { name: 'Close a service …' }).click();
  const dialog = zones.shell.dialog('Close a service in databases');
  await dialog.getByLabel('Services').fill('tcp/99999');
  await expect(dialog).toContainText('65535');
  await expect(dialog.getByRole('button', { name: 'Close now' })).toBeDisabled();
  await dialog.getByLabel('Services').fill('tcp/5432');
  await expect(dialog).toContainText('Whoever used it in that period goes on, one pair: host:web-1 to db-1');
  await dialog.getByRole('button', { name: /Counted/ }).click();
  await app.page.getByRole('option', { name: 'up to 2 days ago' }).click();
  await expect(dialog).toContainText('Nobody used it in that period, so nobody is spared');
  await expect(dialog.getByRole('region', { name: 'Seen flows that change' })).toContainText('web-1 → db-1');
  await dialog.getByLabel('Reason').fill('a worm spreads by it');
  expect(await findings(app.page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Close now' }).click();
  await expect(changes.history).toContainText('tcp/5432 closed in zone databases');
  await expect(changes.track('db-1')).toContainText('Confirmed');
  await zones.shell.goTo('Zones');
  await expect(zones.zone('databases')).toContainText('tcp/5432 closed in zone databases');
  await expect(zones.zone('databases')).toContainText('a worm spreads by it');
  expect(await findings(app.page)).toEqual([]);
  await zones.zone('databases').getByRole('button', { name: 'Release …' }).click();
  const release = zones.shell.dialog(/^Release: tcp\/5432 closed in zone databases/);
  await release.getByLabel('Reason').fill('it is over');
  await release.getByRole('button', { name: 'Release now' }).click();
  await expect(changes.track('db-1')).toContainText('Confirmed');
  expect(await app.client.containments.list({})).toEqual([]);
});
