import { readFileSync } from 'node:fs';
import { expect, test } from './console-test.ts';
import { Shell } from './screens/shell.ts';

test('the audit chain is verified, and events are found by text', async ({ seeded }) => {
  const shell = new Shell(seeded.page);
  await shell.goTo('Audit');
  const table = seeded.page.getByRole('table', { name: 'Audit events' });
  await table.waitFor();
  await seeded.page.getByRole('button', { name: 'Verify chain' }).click();
  const { entries } = await seeded.client.audit.verify({});
  await expect(seeded.page.getByRole('status')).toHaveText(`The chain is whole: all ${entries} entries fit.`);
  await seeded.page.getByPlaceholder('Filter events').fill('setZoneMode');
  await expect(table.getByRole('row').nth(1)).toContainText('policy.setZoneMode');
});

test('the whole audit log is exported, whatever is filtered', async ({ seeded: { page, client } }) => {
  await new Shell(page).goTo('Audit');
  await page.getByPlaceholder('Filter events').fill('setZoneMode');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export JSON lines' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('audit.jsonl');
  const { entries } = await client.audit.verify({});
  expect(readFileSync(await file.path(), 'utf8').trimEnd().split('\n')).toHaveLength(entries);
});

test('flows are filtered by what stands in the address, and exported as CSV', async ({ seeded }) => {
  const shell = new Shell(seeded.page);
  await shell.goTo('Flows');
  const table = seeded.page.getByRole('table', { name: 'Flows' });
  await table.waitFor();
  await seeded.page.getByRole('button', { name: /^Any verdict/ }).click();
  await seeded.page.getByRole('option', { name: 'Blocked', exact: true }).click();
  await expect(table.getByRole('row').nth(1)).toContainText('Blocked');
  expect(seeded.page.url()).toContain('verdict=blocked');
  await expect(table.getByRole('row').filter({ hasText: 'Accepted' })).toHaveCount(0);
  const download = seeded.page.waitForEvent('download');
  await seeded.page.getByRole('button', { name: 'Export CSV' }).click();
  expect((await download).suggestedFilename()).toBe('flows.csv');
});

test('a blocked flow is drafted into a rule with its evidence', async ({ seeded }) => {
  const shell = new Shell(seeded.page);
  await shell.goTo('Flows');
  await seeded.page.getByRole('textbox', { name: 'From' }).fill('host:dev-1');
  await seeded.page.getByRole('textbox', { name: 'To' }).fill('host:db-1');
  await seeded.page.getByRole('button', { name: 'Draft rule for dev-1 to db-1 tcp/5432' }).first().click();
  const dialog = shell.dialog('Add a rule');
  await expect(dialog.getByLabel('From (consumers)')).toHaveValue('role=app,app=shop,env=dev');
  await expect(dialog.getByLabel('To (providers)')).toHaveValue('role=db,app=shop,env=prod');
});
