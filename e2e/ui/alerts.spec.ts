import { axeFindings } from './axe-findings.ts';
import { expect, test } from './console-test.ts';
import { AlertsScreen } from './screens/alerts-screen.ts';
import { Shell } from './screens/shell.ts';

test('the overview leads from what needs attention to the alert, and from the alert to the host', async ({ seeded }) => {
  const shell = new Shell(seeded.page);
  await shell.heading('Overview').waitFor();
  const attention = seeded.page.getByRole('region', { name: 'Needs attention' });
  await attention.getByRole('link', { name: /Agent silent: backup-1 does not answer/ }).click();
  const alerts = new AlertsScreen(seeded.page);
  await alerts.open('backup-1 does not answer');
  await expect(alerts.panel.getByText('Settles when the agent reports again', { exact: false })).toBeVisible();
  expect(await axeFindings(seeded.page)).toEqual([]);
  await alerts.panel.getByRole('link', { name: 'Open host' }).click();
  await expect(shell.heading('backup-1')).toBeVisible();
});

test('an alert is acknowledged with a note, leaves the open ones and the badge, and is opened again', async ({ seeded }) => {
  const alerts = new AlertsScreen(seeded.page);
  await alerts.shell.goTo('Alerts');
  const before = (await seeded.client.alerts.counts({})).open;
  await expect(seeded.page.getByRole('navigation', { name: 'Screens' }).getByText(`${before} open`)).toBeVisible();
  await alerts.open('backup-1 does not answer');
  await alerts.panel.getByRole('button', { name: 'Acknowledge …' }).click();
  await alerts.shell.dialog('Acknowledge the alert').getByRole('textbox', { name: 'Note' }).fill('being rebuilt');
  await alerts.shell.dialog('Acknowledge the alert').getByRole('button', { name: 'Acknowledge' }).click();
  await expect(alerts.row('backup-1 does not answer')).toHaveCount(0);
  await expect(alerts.panel.getByText('Acknowledged by ann')).toContainText('being rebuilt');
  expect((await seeded.client.alerts.counts({})).open).toBe(before - 1);
  await alerts.show('Acknowledged');
  await alerts.open('backup-1 does not answer');
  await alerts.panel.getByRole('button', { name: 'Open again' }).click();
  await expect(alerts.panel.getByRole('button', { name: 'Acknowledge …' })).toBeVisible();
  expect((await seeded.client.alerts.counts({})).open).toBe(before);
});

test('a kind is muted at one host, is listed as muted, and unmuted in the settings', async ({ seeded }) => {
  const alerts = new AlertsScreen(seeded.page);
  await alerts.shell.goTo('Alerts');
  await alerts.open('backup-1 does not answer');
  await alerts.panel.getByRole('button', { name: 'Mute …' }).click();
  expect(await axeFindings(seeded.page)).toEqual([]);
  await alerts.shell.dialog('Mute').getByRole('button', { name: 'Mute', exact: true }).click();
  await expect(alerts.panel.getByText(/^Muted until/)).toBeVisible();
  await expect(alerts.row('backup-1 does not answer')).toHaveCount(0);
  await seeded.page.getByRole('button', { name: 'Thresholds, mutes, notifications' }).click();
  const dialog = alerts.shell.dialog('Alerts');
  await dialog.getByRole('button', { name: 'Unmute silent agents at backup-1' }).click();
  await expect(dialog.getByText('Nothing is muted.')).toBeVisible();
  expect(await axeFindings(seeded.page)).toEqual([]);
});

test('a blocked flow leads to a drafted rule and to its flows', async ({ seeded }) => {
  const alerts = new AlertsScreen(seeded.page);
  await alerts.shell.goTo('Alerts');
  const { rows } = await seeded.client.alerts.list({ states: ['open'], kind: 'flow-blocked', host: null, zone: null, text: null, limit: 100 });
  const blocked = rows.find(({ subject }) => subject.kind === 'flow-blocked' && subject.peerAddress !== null);
  if (blocked === undefined) throw new Error('the seeded workspace has no blocked flow between hosts');
  await alerts.open(blocked.title);
  await alerts.panel.getByRole('button', { name: 'Draft a rule …' }).click();
  await expect(alerts.shell.dialog('Add a rule').getByText(/^Drafted from/)).toBeVisible();
  await seeded.page.keyboard.press('Escape');
  await alerts.panel.getByRole('link', { name: 'Show flows' }).click();
  await expect(seeded.page.getByRole('table', { name: 'Flows' }).getByRole('row').nth(1)).toContainText('Blocked');
});

test('desktop notifications are off until they are switched on, and say names and nothing else', async ({ seeded }) => {
  await seeded.page.addInitScript(() => {
    const told: string[] = [];
    Object.assign(window, {
      told,
      Notification: class {
        static requestPermission(): Promise<string> {
          return Promise.resolve('granted');
        }
        constructor(title: string, { body }: { body: string }) {
          told.push(`${title}\n${body}`);
        }
      },
    });
  });
  await seeded.page.reload();
  const told = () => seeded.page.evaluate<string[]>('window.told');
  const alerts = new AlertsScreen(seeded.page);
  await alerts.shell.goTo('Alerts');
  await seeded.page.getByRole('button', { name: 'Thresholds, mutes, notifications' }).click();
  const dialog = alerts.shell.dialog('Alerts');
  await expect(dialog.getByRole('button', { name: 'Send a test' })).toBeDisabled();
  await dialog.getByText('Tell the desktop of new alerts').click();
  await dialog.getByRole('button', { name: 'Send a test' }).click();
  expect(await told()).toEqual([expect.stringContaining('this is a test')]);
});

test('an empty workspace says on the overview what to do next', async ({ empty }) => {
  await empty.page.getByRole('button', { name: 'Add hosts' }).click();
  await expect(new Shell(empty.page).heading('Hosts')).toBeVisible();
});
