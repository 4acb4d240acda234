import { expect, test } from './console-test.ts';
import { ObjectsScreen } from './screens/objects-screen.ts';
import { RulesScreen } from './screens/rules-screen.ts';

test('a template shows what it would add while its parameters are typed, and adds it once', async ({ live: { app, site } }) => {
  await site.enroll(app.client);
  const rules = new RulesScreen(app.page);
  await rules.shell.goTo('Rules');
  const open = async () => {
    await app.page.getByRole('button', { name: 'From a template' }).click();
    const dialog = rules.shell.dialog('Add from a template');
    await dialog.getByRole('button', { name: 'Template' }).click();
    await app.page.getByRole('option', { name: 'PostgreSQL with streaming replication' }).click();
    return dialog;
  };
  const dialog = await open();
  await expect(dialog.getByRole('region', { name: 'Rules' })).toContainText('nobody is role=app now');
  await dialog.getByLabel('Applications that use the database').fill('role');
  await expect(dialog).toContainText('is not an end of a rule');
  await expect(dialog.getByRole('button', { name: 'Add to draft' })).toBeDisabled();
  await dialog.getByLabel('Applications that use the database').fill('role=web');
  await expect(dialog).toContainText('matches 1 host: web-1');
  await expect(dialog.getByRole('region', { name: 'Rules' })).toContainText('allow role=web → role=db on postgresql');
  await dialog.getByLabel('Owner').fill('ada');
  await dialog.getByRole('button', { name: 'Add to draft' }).click();
  await expect(rules.rows('role=web', 'role=db', 'postgresql', 'ada')).toHaveCount(1);
  const again = await open();
  await again.getByLabel('Applications that use the database').fill('role=web');
  await expect(again.getByRole('region', { name: 'Rules' })).toContainText('there already');
  await expect(again.getByRole('button', { name: 'Add to draft' })).toBeDisabled();
});

test('a named service is added, used by a rule, shown with its uses, and cannot be removed while it is used', async ({ live: { app } }) => {
  const objects = new ObjectsScreen(app.page);
  await objects.shell.goTo('Objects');
  await app.page.getByRole('button', { name: 'Add service', exact: true }).click();
  const dialog = objects.shell.dialog('Add a service');
  await dialog.getByLabel('Name').fill('tcp');
  await expect(dialog).toContainText('means a protocol or a port');
  await dialog.getByLabel('Name').fill('cache');
  await dialog.getByLabel('Ports').fill('tcp/6379');
  await dialog.getByRole('button', { name: 'Add to draft' }).click();
  await expect(objects.row(objects.services, 'cache')).toContainText('nothing');
  const any = { kind: 'any' } as const;
  const metadata = { as: null, servedBy: null, schedule: null, owner: '', reason: '', ticket: '', reviewOn: null, expiresOn: null };
  await app.client.policy.addRules({ rules: [{ action: 'allow', from: any, to: any, services: [{ kind: 'named', name: 'cache' }], ...metadata }] });
  await expect(objects.row(objects.services, 'cache')).toContainText('1 rule');
  await objects.shell.chooseAction('service cache', 'Remove …');
  const removal = objects.shell.dialog('Remove service cache');
  await expect(removal.getByRole('region', { name: 'Where it is used' })).toContainText('allow any → any on cache');
  await expect(removal.getByRole('button', { name: 'Remove from draft' })).toBeDisabled();
});

test('an IP list is added, changed and removed', async ({ live: { app } }) => {
  const objects = new ObjectsScreen(app.page);
  await objects.shell.goTo('Objects');
  await objects.show('IP lists');
  await app.page.getByRole('button', { name: 'Add IP list', exact: true }).click();
  const dialog = objects.shell.dialog('Add an IP list');
  await dialog.getByLabel('Name', { exact: true }).fill('office');
  await dialog.getByLabel('Networks').fill('10.30.0.5/16');
  await expect(dialog).toContainText('10.30.0.0/16');
  await dialog.getByLabel('Networks').fill('10.30.0.0/16');
  await dialog.getByRole('button', { name: 'Add to draft' }).click();
  await objects.ipLists.getByRole('button', { name: 'office' }).first().click();
  const change = objects.shell.dialog('Change IP list office');
  await change.getByLabel('Except').fill('10.30.9.0/24');
  await change.getByRole('button', { name: 'Save to draft' }).click();
  await expect(objects.row(objects.ipLists, 'office')).toContainText('10.30.0.0/16 except 10.30.9.0/24');
  await objects.shell.chooseAction('IP list office', 'Remove …');
  await objects.shell.dialog('Remove IP list office').getByRole('button', { name: 'Remove from draft' }).click();
  await expect(app.page.getByText('No IP lists yet')).toBeVisible();
});
