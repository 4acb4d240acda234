import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { insertDestination } from '../../main/db/forward-store.ts';
import { axeFindings } from './axe-findings.ts';
import { expect, test } from './console-test.ts';
import { Shell } from './screens/shell.ts';

let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'firebreak-forwards-'));
});
test.afterEach(() => rmSync(folder, { recursive: true }));

test('events are sent where the admin says: added, tried, sent, shown with their state, and removed', async ({ seeded: { page, client } }) => {
  await new Shell(page).goTo('Settings');
  const card = page.getByRole('region', { name: 'Events out' });
  await expect(card).toContainText('Events are sent nowhere.');
  await card.getByRole('button', { name: 'Add destination' }).click();
  const dialog = page.getByRole('dialog', { name: 'Send events to' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill('siem');
  await dialog.getByRole('textbox', { name: 'Address' }).fill('http://siem');
  await expect(dialog.getByText('is no destination; write udp://HOST:514')).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Address' }).fill('https://siem/in');
  await expect(dialog.getByRole('textbox', { name: 'Key that signs (file)' })).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Address' }).fill(`file://${folder}/log`);
  await dialog.getByRole('radio', { name: 'ECS' }).click();
  await dialog.getByRole('checkbox', { name: 'Blocked and would-be-blocked connections' }).press('Space');
  expect(await axeFindings(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Add destination' }).click();

  const row = card.getByRole('group', { name: 'siem' });
  await expect(row).toContainText('alert, audit, push as ECS');
  await row.getByRole('button', { name: 'Send a test event to siem' }).click();
  await expect(row).toContainText('It has taken the test event.');
  expect(readFileSync(join(folder, 'log'), 'utf8')).toContain('"action":"test"');
  await client.forwards.run({ name: 'siem' });
  await expect(row).toContainText('sent 1 · waiting 0', { timeout: 15_000 });
  expect(await axeFindings(page)).toEqual([]);

  await row.getByRole('button', { name: 'Remove siem' }).click();
  await expect(card).toContainText('Events are sent nowhere.');
});

test('a destination that takes nothing says why, and when it is tried again', async ({ seeded: { page, client } }) => {
  await client.forwards.add({ name: 'broken', target: { kind: 'file', path: join(folder, 'none', 'log'), rotateMegabytes: 1, keepFiles: 1 }, format: 'ocsf', kinds: ['audit'] });
  await client.forwards.run({ name: 'broken' });
  await new Shell(page).goTo('Settings');
  const row = page.getByRole('group', { name: 'broken' });
  await expect(row).toContainText(/It does not take events \(1 time\); next try \d\d:\d\d:\d\d UTC/);
  await expect(row).toContainText('ENOENT');
  await row.getByRole('button', { name: 'Send a test event to broken' }).click();
  await expect(row).toContainText('did not take the event');
  expect(existsSync(join(folder, 'none'))).toBe(false);
});

test('a destination that nobody confirmed on this machine gets nothing until somebody has, and the window says so', async ({ seeded: { page, client, backend } }) => {
  const log = join(folder, 'log');
  // As in a workspace that was brought from elsewhere.
  backend.workspace.transaction((tx) => insertDestination(tx, { name: 'siem', target: { kind: 'file', path: log, rotateMegabytes: 1, keepFiles: 1 }, format: 'ecs', kinds: ['audit'] }, { atMs: 1, by: 'eve' }));
  await new Shell(page).goTo('Settings');
  const row = page.getByRole('group', { name: 'siem' });
  await expect(row).toContainText('Not confirmed on this machine; nothing is sent.');
  await expect(row).toContainText(`file://${log}`);
  await expect(row.getByRole('button', { name: 'Send a test event to siem' })).toHaveCount(0);
  expect((await client.forwards.run({ name: 'siem' }))[0]).toMatchObject({ sent: 0, confirmed: false });
  expect(await axeFindings(page)).toEqual([]);
  expect(existsSync(log)).toBe(false);
  await row.getByRole('button', { name: 'Send from this machine to siem' }).click();
  await expect(row.getByRole('button', { name: 'Send a test event to siem' })).toBeVisible();
  await expect(row).not.toContainText('Not confirmed');
  await client.forwards.run({ name: 'siem' });
  expect(readFileSync(log, 'utf8')).toContain('forwards.confirm');
});

test('events that were set aside are counted, with the reason', async ({ seeded: { page, client, backend } }) => {
  await client.forwards.add({ name: 'siem', target: { kind: 'file', path: join(folder, 'log'), rotateMegabytes: 1, keepFiles: 1 }, format: 'ecs', kinds: ['audit'] });
  backend.workspace.transaction((tx) => tx.run("INSERT INTO forward_events (at_ms, kind, event_json) VALUES (1, 'audit', 'no JSON')"));
  await client.forwards.run({ name: 'siem' });
  await new Shell(page).goTo('Settings');
  const row = page.getByRole('group', { name: 'siem' });
  await expect(row).toContainText('1 event was set aside and not sent');
  await expect(row).toContainText('it cannot be read');
  expect(await axeFindings(page)).toEqual([]);
});
