import { expect, test } from './console-test.ts';
import { MapScreen } from './screens/map-screen.ts';
import { RulesScreen } from './screens/rules-screen.ts';
import { ZonesScreen } from './screens/zones-screen.ts';

test('a zone is added with what it matches shown while typing, and moved to test with a reason for the waiver', async ({ live: { app, site } }) => {
  await site.enroll(app.client);
  const zones = new ZonesScreen(app.page);
  await zones.shell.goTo('Zones');
  await app.page.getByRole('button', { name: 'Add zone', exact: true }).click();
  const dialog = zones.shell.dialog('Add a zone');
  await dialog.getByLabel('Selects hosts with').fill('role=mail');
  await expect(dialog).toContainText('matches nobody now');
  await dialog.getByLabel('Selects hosts with').fill('app=');
  await expect(dialog).toContainText('a value is missing here');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await zones.add('shop', 'app=shop');
  await expect(zones.zone('shop')).toContainText('matches 2 hosts: db-1, web-1');
  await zones.move('shop', 'test', 'two hosts, looked at by hand');
  await expect(zones.zone('shop').getByRole('button', { name: 'Test, current mode' })).toBeVisible();
  await expect(zones.shell.draftCard).toBeVisible();
});

test('the order of zones is changed by buttons and decides overlaps', async ({ live: { app, site } }) => {
  await site.enroll(app.client);
  const zones = new ZonesScreen(app.page);
  await zones.shell.goTo('Zones');
  await zones.add('shop', 'app=shop');
  await zones.add('databases', 'role=db');
  await expect(app.page.getByText('shop before databases: db-1')).toBeVisible();
  await app.page.getByRole('button', { name: 'Move databases up' }).click();
  await expect(app.page.getByText('databases before shop: db-1')).toBeVisible();
});

test('an edge of the map becomes a rule at label level', async ({ live: { app, site } }) => {
  await site.enroll(app.client);
  const map = new MapScreen(app.page);
  await map.shell.goTo('Map');
  await expect(app.page.getByText('2 hosts, 1 conversation', { exact: true })).toBeVisible();
  await map.drawn();
  const box = await map.picture.boundingBox();
  if (box === null) throw new Error('the map has no box');
  // The only edge runs between two hosts side by side; the picture is centred above the legend (map-core.ts).
  await map.picture.click({ position: { x: box.width / 2, y: (box.height - 48) / 2 } });
  await expect(map.connection).toContainText('web-1 → db-1');
  await expect(map.connection).toContainText('www-data');
  await map.connection.getByRole('button', { name: 'Draft a rule for this' }).click();
  const dialog = map.shell.dialog('Add a rule');
  await expect(dialog.getByLabel('From (consumers)')).toHaveValue('role=web,app=shop');
  await expect(dialog.getByLabel('To (providers)')).toHaveValue('role=db,app=shop');
  await expect(dialog.getByLabel('Services')).toHaveValue('tcp/5432');
  await expect(dialog).toContainText('matches 1 host: db-1');
  await dialog.getByRole('button', { name: 'Add to draft' }).click();
  const rules = new RulesScreen(app.page);
  await rules.shell.goTo('Rules');
  await expect(rules.rows('role=web,app=shop', 'role=db,app=shop', 'tcp/5432')).toHaveCount(1);
});

test('the map has a table with the same connections one key away', async ({ seeded }) => {
  const map = new MapScreen(seeded.page);
  await map.shell.goTo('Map');
  await map.drawn();
  await seeded.page.keyboard.press('t');
  await map.table.getByRole('button', { name: 'Details of dev-1 to db-1' }).click();
  await expect(map.connection).toContainText('Blocked');
  await seeded.page.keyboard.press('Escape');
  await expect(map.connection).toHaveCount(0);
  await seeded.page.keyboard.press('t');
  await map.drawn();
});

test('a rule with mistakes says what to write, and is not sent', async ({ seeded }) => {
  const rules = new RulesScreen(seeded.page);
  await rules.shell.goTo('Rules');
  await rules.table.waitFor();
  const before = (await seeded.client.policy.get({})).policy.rules.length;
  await seeded.page.keyboard.press('n');
  const dialog = rules.shell.dialog('Add a rule');
  await dialog.getByLabel('From (consumers)').fill('10.0.0.5/8');
  await dialog.getByLabel('To (providers)').fill('database');
  await dialog.getByLabel('Services').fill('tcp/70000');
  await dialog.getByRole('button', { name: 'Add to draft' }).click();
  await expect(dialog).toContainText('10.0.0.0/8');
  await expect(dialog).toContainText('host:database');
  await expect(dialog).toContainText('ports run from 0 to 65535');
  expect((await seeded.client.policy.get({})).policy.rules).toHaveLength(before);
});

test('suggested rules carry their evidence and are accepted into the draft', async ({ live: { app, site } }) => {
  await site.enroll(app.client);
  const rules = new RulesScreen(app.page);
  await rules.shell.goTo('Rules');
  await app.page.getByRole('button', { name: 'Suggest from flows' }).first().click();
  await expect(rules.suggestions).toContainText('tcp/5432');
  await expect(rules.suggestions).toContainText('explains');
  await rules.suggestions.getByRole('button', { name: /^Accept/ }).click();
  await expect(rules.rows('tcp/5432')).toHaveCount(1);
});

test('the width of suggestions is chosen, what they permit too much is counted, and what comes from a peer is set aside', async ({ seeded: { page } }) => {
  const rules = new RulesScreen(page);
  await rules.shell.goTo('Rules');
  await page.getByRole('button', { name: 'Suggest from flows' }).first().click();
  const totals = rules.suggestions.getByLabel('Totals');
  await expect(totals).toContainText('Over-permission');
  await expect(rules.suggestions).toContainText('role=ci');
  await rules.suggestions.getByLabel('Width of an end').click();
  await page.getByRole('option', { name: /At most a zone/ }).click();
  await expect(totals).toContainText('newly permitted');
  await rules.suggestions.getByText('Whole roles, scans and what is set aside').click();
  await rules.suggestions.getByLabel('Set aside what comes from').fill('role=');
  await expect(rules.suggestions).toContainText('a value is missing');
  await rules.suggestions.getByLabel('Set aside what comes from').fill('role=ci');
  await rules.suggestions.getByLabel('Set aside what comes from').blur();
  await expect(rules.suggestions.getByLabel('Set aside', { exact: true })).toContainText('ci-1 set aside as asked (role=ci)');
});

test('a zone says how much of what it does was seen, and what is missing', async ({ seeded: { page } }) => {
  const zones = new ZonesScreen(page);
  await zones.shell.goTo('Zones');
  await zones.zone('shop-front').getByText(/until the next state|nothing new comes/).click();
  await expect(zones.zone('shop-front').getByRole('list', { name: 'Maturity of shop-front' })).toContainText('hours observed on the host with the least');
});
