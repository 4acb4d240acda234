import { axeFindings } from './axe-findings.ts';
import { expect, test } from './console-test.ts';
import type { LaunchedConsole } from './fixtures/launch-console.ts';
import { ChangesScreen } from './screens/changes-screen.ts';
import { themesInTurn } from './themes.ts';

/** Zone shop over both hosts, in test in the draft. */
async function draftShop({ client }: LaunchedConsole): Promise<void> {
  await client.policy.addZone({ name: 'shop', select: { include: [{ terms: [{ key: 'app', op: '=', values: ['shop'] }] }], exclude: [] }, outbound: 'open', note: '' });
  const checks = await client.policy.readiness({ name: 'shop', mode: 'test' });
  await client.policy.setZoneMode({ name: 'shop', mode: 'test', waivers: checks.filter((check) => check.state === 'blocker').map((check) => ({ check: check.check, reason: 'a test' })) });
}

for (const theme of themesInTurn(1)) {
  test.describe(`in the ${theme} theme`, () => {
    test.use({ theme });

    test('a host that is away is left out, shown as pending, and gets what it missed when somebody delivers it', async ({ live: { app, site } }) => {
      await site.enroll(app.client);
      await draftShop(app);
      await app.client.workspace.saveSettings({ ...(await app.client.workspace.settings({})), deliverReturned: false });
      const web = site.fleet.hosts.find(({ name }) => name === 'web-1');
      await web?.setPower('off');
      const changes = new ChangesScreen(app.page);
      await changes.shell.goTo('Changes');
      await app.page.getByRole('checkbox', { name: 'Leave out hosts that are away; they get it when they return' }).press('Space');
      await changes.pushButton.click();
      await expect(changes.track('db-1')).toContainText('Confirmed');
      await expect(changes.track('web-1')).toContainText('Away: pending, gets it when it returns');
      await expect(changes.progress.getByRole('status')).toHaveText('Confirmed');
      const waiting = app.page.getByRole('region', { name: 'Hosts that wait' });
      await expect(waiting).toContainText('web-1 waits for version 1');
      expect(await axeFindings(app.page)).toEqual([]);
      await changes.shell.goTo('Hosts');
      await expect(app.page.getByText('waits for version 1')).toBeVisible();
      await changes.shell.goTo('Overview');
      await expect(app.page.getByText('1 host was away when something was pushed, and waits for it')).toBeVisible();

      await web?.setPower('on');
      await changes.shell.goTo('Changes');
      await waiting.getByRole('button', { name: 'Deliver now …' }).click();
      const dialog = changes.shell.dialog('Deliver to hosts that wait');
      await expect(dialog).toContainText('web-1');
      expect(await axeFindings(app.page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Deliver now' }).click();
      await expect(changes.track('web-1')).toContainText('Confirmed');
      await expect(waiting).toHaveCount(0);
      expect((await app.client.hosts.list({})).map(({ appliedMode }) => appliedMode)).toEqual(['test', 'test']);
    });
  });
}

test('a maintenance window is set in the settings; a push beside it wants a reason, which is kept', async ({ live: { app, site } }) => {
  await site.enroll(app.client);
  await draftShop(app);
  const changes = new ChangesScreen(app.page);
  await changes.shell.goTo('Settings');
  const card = app.page.getByRole('region', { name: 'This workspace' });
  const field = card.getByRole('textbox', { name: 'Zone and times' });
  await field.fill('shop=Sat');
  await expect(card.getByText('names no time zone')).toBeVisible();
  // A minute of the year, which is not now.
  const day = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'][(new Date().getUTCDay() + 3) % 7] ?? 'mon';
  await field.fill(`shop=${day} 02:00-03:00 UTC`);
  await card.getByRole('button', { name: 'Set window' }).click();
  await expect(card.getByRole('list', { name: 'Maintenance windows' })).toContainText('closed, opens');
  await expect(field).toHaveValue('');
  expect(await axeFindings(app.page)).toEqual([]);

  await changes.shell.goTo('Changes');
  await expect(app.page.getByText(/zone shop \(db-1, web-1\): closed, opens/)).toBeVisible();
  await expect(changes.pushButton).toBeDisabled();
  await app.page.getByLabel('Why outside the window').fill('a hole');
  expect(await axeFindings(app.page)).toEqual([]);
  await changes.pushButton.click();
  await expect(changes.progress.getByRole('status')).toHaveText('Confirmed');
  await expect(changes.history).toContainText('outside the maintenance window of zone shop: a hole');

  await changes.shell.goTo('Settings');
  await card.getByRole('button', { name: 'Remove the window of zone shop' }).click();
  await expect(card).toContainText('None: hosts may be pushed to at any time.');
});
