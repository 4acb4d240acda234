import type { Page } from '@playwright/test';
import { axeFindings } from './axe-findings.ts';
import { expect, test } from './console-test.ts';
import type { LiveSite } from './fixtures/live-site.ts';
import { HostsScreen } from './screens/hosts-screen.ts';
import { themesInTurn } from './themes.ts';

const hostOf = (site: LiveSite, name: string) => {
  const host = site.fleet.hosts.find((each) => each.name === name);
  if (host === undefined) throw new Error(`the site has no host ${name}`);
  return host;
};

async function openOnboard(page: Page, hosts: HostsScreen) {
  await hosts.shell.goTo('Hosts');
  await page.getByRole('checkbox', { name: 'Select all hosts shown' }).press('Space');
  await page.getByRole('toolbar', { name: 'Selected hosts' }).getByRole('button', { name: 'Onboard' }).click();
  return hosts.shell.dialog('Onboard 2 hosts');
}

for (const theme of themesInTurn(14)) {
  test.describe(`in the ${theme} theme`, () => {
    test.use({ theme });

    test('hosts are onboarded by a list of their keys: the listed key is taken, another waits for a person, and both end with an agent', async ({ live: { app, site } }, testInfo) => {
      await site.add(app.client);
      const hosts = new HostsScreen(app.page);
      const dialog = await openOnboard(app.page, hosts);
      await dialog.locator('input[type=file]').setInputFiles({ name: 'keys.txt', mimeType: 'text/plain', buffer: Buffer.from(`web-1 ${hostOf(site, 'web-1').hostKey.fingerprint}\nelsewhere MD5:00\n`) });
      await expect(dialog.getByRole('region', { name: 'Expected keys' })).toContainText('2 lines: keys of 1 host of this workspace, 0 for nobody here, 1 refused.');
      await dialog.getByRole('button', { name: 'Compare keys' }).click();
      const keys = dialog.getByRole('table', { name: 'Keys of the hosts' });
      await expect(keys.getByRole('row').nth(1)).toContainText('In no list');
      await expect(keys.getByRole('row').nth(1)).toContainText(hostOf(site, 'db-1').hostKey.fingerprint);
      await expect(keys.getByRole('row').nth(2)).toContainText('As listed');
      await app.page.screenshot({ path: testInfo.outputPath('onboard-keys.png') });
      expect(await axeFindings(app.page)).toEqual([]);
      expect((await app.client.hosts.list({})).flatMap(({ pinnedKeys }) => pinnedKeys)).toEqual([]);
      await dialog.getByText('I compared the fingerprint that is in no list').click();
      await dialog.getByRole('button', { name: 'Onboard 2 hosts' }).click();
      await expect(dialog).toContainText('2 hosts: 2 onboarded.');
      const rows = dialog.getByRole('table', { name: 'Onboarded hosts' });
      await expect(rows.getByRole('row').nth(1)).toContainText('observe is loaded');
      await app.page.screenshot({ path: testInfo.outputPath('onboard-done.png') });
      expect(await axeFindings(app.page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Close' }).last().click();
      await expect(hosts.row('web-1')).toContainText('In sync');
      await expect(hosts.row('db-1')).toContainText('In sync');
    });

    test('a host that cannot run the agent is told with why, the other goes on, and once it is mended it alone is tried again', async ({ live: { app, site } }, testInfo) => {
      await site.add(app.client);
      hostOf(site, 'db-1').answerCheck(['freeKib=1024']);
      const hosts = new HostsScreen(app.page);
      const dialog = await openOnboard(app.page, hosts);
      await dialog.getByRole('button', { name: 'Compare keys' }).click();
      await dialog.getByText('I compared the 2 fingerprints that are in no list').click();
      await dialog.getByRole('button', { name: 'Onboard 2 hosts' }).click();
      await expect(dialog).toContainText('2 hosts: 1 failed, 1 onboarded.');
      const first = dialog.getByRole('table', { name: 'Onboarded hosts' }).getByRole('row').nth(1);
      await expect(first).toContainText('Failed at the check');
      await expect(first).toContainText('Only 1 MiB are free under /var/lib');
      await app.page.screenshot({ path: testInfo.outputPath('onboard-failed.png') });
      expect(await axeFindings(app.page)).toEqual([]);
      hostOf(site, 'db-1').answerCheck([]);
      await dialog.getByRole('button', { name: 'Try the 1 host again' }).click();
      await expect(hosts.shell.dialog('Onboard db-1')).toContainText('1 host: 1 onboarded.');
    });
  });
}

test('it shows who is under way, goes on in the background, and stops after those under way', async ({ live: { app, site } }) => {
  await site.add(app.client);
  const held = Promise.withResolvers<void>();
  hostOf(site, 'web-1').answerCheck([], held.promise);
  const hosts = new HostsScreen(app.page);
  const dialog = await openOnboard(app.page, hosts);
  await dialog.getByRole('button', { name: 'Compare keys' }).click();
  await dialog.getByText('I compared the 2 fingerprints').click();
  await dialog.getByRole('button', { name: 'Onboard 2 hosts' }).click();
  await expect(dialog.getByRole('list', { name: 'Under way' })).toContainText('web-1: looking whether the agent can run there');
  await expect(dialog.getByRole('status')).toContainText('1 of 2 hosts done');
  expect(await axeFindings(app.page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Go on in the background' }).click();
  await expect(dialog).toHaveCount(0);
  await hosts.shell.tasks.getByRole('button', { name: 'Show progress' }).click();
  await dialog.getByRole('button', { name: 'Stop after those under way' }).click();
  await expect(dialog.getByRole('status')).toContainText('No further host is begun');
  held.resolve();
  await expect(dialog).toContainText('2 hosts: 2 onboarded.');
});

test('a key that is not the listed one is shown first and refused, also where one trusts a single key', async ({ live: { app, site } }) => {
  await site.add(app.client);
  await app.client.hostKeys.importLists({ lists: [{ name: 'keys.txt', text: `web-1 ${hostOf(site, 'db-1').hostKey.fingerprint} (ED25519)` }], dryRun: false });
  const hosts = new HostsScreen(app.page);
  const dialog = await openOnboard(app.page, hosts);
  await dialog.getByRole('button', { name: 'Compare keys' }).click();
  const first = dialog.getByRole('table', { name: 'Keys of the hosts' }).getByRole('row').nth(1);
  await expect(first).toContainText('Refused: not the listed key');
  await expect(first).toContainText('keys.txt:1 lists');
  await app.page.keyboard.press('Escape');
  await hosts.shell.chooseAction('web-1', 'Trust key');
  const single = hosts.shell.dialog('Host key of web-1');
  await expect(single).toContainText('This is NOT the key that keys.txt:1 has of it.');
  await expect(single.getByRole('button', { name: 'Trust this key all the same' })).toBeDisabled();
  expect(await axeFindings(app.page)).toEqual([]);
});
