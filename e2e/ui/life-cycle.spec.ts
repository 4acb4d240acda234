import { pageOrigin } from '../../main/browser/serve-page.ts';
import { printCompatibility } from '../../shared/model/compatibility.ts';
import { axeFindings } from './axe-findings.ts';
import { expect, test } from './console-test.ts';
import type { LiveSite } from './fixtures/live-site.ts';
import { HostsScreen } from './screens/hosts-screen.ts';
import { themesInTurn } from './themes.ts';

const RED = ['freeKib=1024', 'active=docker'];
const hostOf = (site: LiveSite, name: string) => {
  const host = site.fleet.hosts.find((each) => each.name === name);
  if (host === undefined) throw new Error(`the site has no host ${name}`);
  return host;
};

for (const theme of themesInTurn(9)) {
  test.describe(`in the ${theme} theme`, () => {
    test.use({ theme });

    test('selected hosts are checked, the red one is shown first with what to do, and the text is the one that the command line writes', async ({ live: { app, site } }, testInfo) => {
      await site.enroll(app.client);
      hostOf(site, 'web-1').answerCheck(RED);
      const hosts = new HostsScreen(app.page);
      await hosts.shell.goTo('Hosts');
      await app.page.getByRole('checkbox', { name: 'Select all hosts shown' }).press('Space');
      await app.page.getByRole('toolbar', { name: 'Selected hosts' }).getByRole('button', { name: 'Check compatibility' }).click();
      const dialog = hosts.shell.dialog('Check compatibility of 2 hosts');
      await expect(dialog).toContainText('2 hosts: 1 red, 1 green.');
      await expect(dialog.getByRole('heading', { level: 3 })).toHaveText(['web-1', 'db-1']);
      await expect(dialog.getByRole('region', { name: 'web-1' })).toContainText('Red: the agent cannot be installed');
      const rows = dialog.getByRole('list', { name: 'Findings about web-1' }).getByRole('listitem');
      await expect(rows.first()).toContainText('Red');
      await expect(rows.first()).toContainText('Only 1 MiB are free under /var/lib.');
      await expect(rows.first()).toContainText('To do: Free at least 32 MiB');
      await expect(rows.nth(1)).toContainText('Yellow');
      const db = dialog.getByRole('region', { name: 'db-1' });
      await expect(db.getByRole('list')).toHaveCount(0);
      await app.page.screenshot({ path: testInfo.outputPath('check-many.png') });
      expect(await axeFindings(app.page)).toEqual([]);
      await db.getByRole('button', { name: /^Show what is good/ }).click();
      await expect(db.getByRole('list')).toContainText('systemd 252 loads the rules at boot.');

      await app.page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: pageOrigin });
      await dialog.getByRole('button', { name: 'Copy as text' }).click();
      await expect(dialog.getByRole('button', { name: 'Copied' })).toBeVisible();
      const copied = await app.page.evaluate(() => navigator.clipboard.readText());
      const [takenAt = ''] = /\d{4}-\d\d-\d\d \d\d:\d\d/.exec(copied) ?? [];
      for await (const event of await app.client.agents.check({ hosts: { kind: 'names', names: ['db-1', 'web-1'] } })) {
        if (event.type === 'done') expect(copied).toBe(printCompatibility(event.result.hosts, Date.parse(`${takenAt}Z`)));
      }
    });

    test('an uninstall asks what becomes of the rules, says what each ending leaves, and removes them unless told otherwise', async ({ live: { app, site } }, testInfo) => {
      await site.enroll(app.client);
      const hosts = new HostsScreen(app.page);
      await hosts.shell.goTo('Hosts');
      await hosts.shell.chooseAction('web-1', 'Uninstall agent');
      const dialog = hosts.shell.dialog('Uninstall the agent from web-1');
      await expect(dialog.getByRole('radio', { name: /^Remove them/ })).toBeChecked();
      await expect(dialog).toContainText('go on blocking, also after a reboot');
      await expect(dialog).toContainText('a table “inet firebreak” that was there before comes back');
      await app.page.screenshot({ path: testInfo.outputPath('uninstall.png') });
      expect(await axeFindings(app.page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Uninstall' }).click();
      await expect(hosts.row('web-1')).toContainText('No agent');
      expect(hostOf(site, 'web-1').endedWith()).toBe('remove');
    });

    test('the page of a host checks that host, and shows what is good without asking', async ({ live: { app, site } }, testInfo) => {
      await site.enroll(app.client);
      hostOf(site, 'db-1').answerCheck(['container=lxc']);
      const hosts = new HostsScreen(app.page);
      await hosts.shell.goTo('Hosts');
      await hosts.row('db-1').getByRole('link', { name: 'db-1', exact: true }).click();
      await app.page.getByRole('button', { name: 'Check compatibility' }).click();
      const dialog = hosts.shell.dialog('Check compatibility of db-1');
      await expect(dialog.getByRole('region', { name: 'db-1' })).toContainText('Yellow: it works, and this should be known');
      await expect(dialog.getByRole('listitem').first()).toContainText('It is a container (lxc)');
      await expect(dialog.getByRole('list')).toContainText('systemd 252 loads the rules at boot.');
      await app.page.screenshot({ path: testInfo.outputPath('check-one.png') });
      expect(await axeFindings(app.page)).toEqual([]);
    });
  });
}

for (const [ending, name] of [
  ['leave', /^Leave them/],
  ['restore', /^Restore what was there/],
] as const) {
  test(`the ending “${ending}” is passed to each selected host`, async ({ live: { app, site } }) => {
    await site.enroll(app.client);
    const hosts = new HostsScreen(app.page);
    await hosts.shell.goTo('Hosts');
    await app.page.getByRole('checkbox', { name: 'Select all hosts shown' }).press('Space');
    await app.page.getByRole('button', { name: 'Uninstall agent' }).click();
    const dialog = hosts.shell.dialog('Uninstall the agent from 2 hosts');
    await dialog.getByText(ending === 'leave' ? 'Leave them' : 'Restore what was there').click();
    await expect(dialog.getByRole('radio', { name })).toBeChecked();
    await dialog.getByRole('button', { name: 'Uninstall' }).click();
    await expect(hosts.shell.tasks.getByRole('article', { name: 'Uninstall agent from 2 hosts' })).toContainText('2 of 2 hosts done');
    expect(site.fleet.hosts.map((host) => host.endedWith())).toEqual([ending, ending]);
  });
}

test('a check goes on behind a closed dialog, is found again in the tray, and is cancelled there without a failure of the host', async ({ live: { app, site } }, testInfo) => {
  await site.enroll(app.client);
  let answer = () => {};
  hostOf(site, 'db-1').answerCheck([], new Promise<void>((resolve) => (answer = resolve)));
  const hosts = new HostsScreen(app.page);
  await hosts.shell.goTo('Hosts');
  await hosts.shell.chooseAction('db-1', 'Check compatibility');
  const dialog = hosts.shell.dialog('Check compatibility of db-1');
  await expect(dialog.getByRole('progressbar')).toBeVisible();
  await expect(dialog.getByRole('status')).toContainText('0 of 1 done. db-1: looking whether the agent can run there');
  await app.page.screenshot({ path: testInfo.outputPath('running.png') });
  expect(await axeFindings(app.page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Go on in the background' }).click();
  await hosts.shell.goTo('Flows');
  const task = hosts.shell.tasks.getByRole('article', { name: 'Check compatibility of db-1' });
  await app.page.screenshot({ path: testInfo.outputPath('tray.png') });
  await task.getByRole('button', { name: 'Show progress' }).click();
  await expect(dialog).toBeVisible();
  await dialog.getByRole('button', { name: 'Go on in the background' }).click();
  await task.getByRole('button', { name: 'Cancel' }).click();
  await expect(task).toContainText('Cancelled.');
  expect((await app.client.hosts.get({ name: 'db-1' })).lastError).toBeNull();

  await hosts.shell.goTo('Hosts');
  await hosts.shell.chooseAction('db-1', 'Check compatibility');
  await dialog.getByRole('button', { name: 'Go on in the background' }).click();
  answer();
  await hosts.shell.tasks.getByRole('button', { name: 'Show result' }).click();
  await expect(dialog.getByRole('region', { name: 'db-1' })).toContainText('Green: nothing to do');
});

test('a host that cannot be reached is shown as that, with what to check', async ({ live: { app, site } }) => {
  await site.enroll(app.client);
  hostOf(site, 'db-1').setCable('out');
  const hosts = new HostsScreen(app.page);
  await hosts.shell.goTo('Hosts');
  await hosts.shell.chooseAction('db-1', 'Check compatibility');
  const db = hosts.shell.dialog('Check compatibility of db-1').getByRole('region', { name: 'db-1' });
  await expect(db).toContainText('Not reached: nothing is known', { timeout: 30_000 });
  await expect(db.locator('.note-hint')).not.toBeEmpty();
});
