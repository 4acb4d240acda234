import { damageFile } from '../../main/db/testing/damage-file.ts';
import { ROUTES } from '../../renderer/routes.ts';
import { expect, test } from './console-test.ts';
import { Shell } from './screens/shell.ts';

/** The welcome asks the backend for nothing but the name of the workspace. */
const screens = [...ROUTES.filter(({ name }) => name !== 'welcome'), { name: 'host', path: '/hosts/crm-app-1' }];

test('on every screen a query that fails is a sentence with what to do, and the page itself complains of nothing', async ({ seeded: { page, backend } }) => {
  test.slow();
  damageFile(backend.workspace.path);
  for (const { name, path } of screens) {
    await test.step(name, async () => {
      await page.evaluate((hash) => {
        location.hash = hash;
      }, path);
      // Another address alone would leave what was asked before the file was damaged.
      await page.reload();
      const said = page.getByRole('main').getByRole('alert').first();
      await expect(said).toContainText('is damaged');
      await expect(said).toContainText('Restore the newest backup that lies beside it');
      await new Shell(page).settled();
    });
  }
});

test('a command that fails is a sentence with what to do, where it was given', async ({ seeded: { page, backend } }) => {
  test.slow();
  const shell = new Shell(page);
  await shell.settled();
  damageFile(backend.workspace.path);
  const told = page.getByRole('main').getByRole('alert').filter({ hasText: 'Restore the newest backup' });

  for (const command of ['Export CSV', 'Export JSON lines', 'Verify chain']) {
    await test.step(`Audit: ${command}`, async () => {
      await shell.goTo('Audit');
      await page.reload();
      // What the list failed with stands there already.
      await expect(told).toHaveCount(1);
      await page.getByRole('button', { name: command }).click();
      await expect(told).toHaveCount(2);
    });
  }
  await test.step('Flows: Export CSV', async () => {
    await shell.goTo('Flows');
    await page.getByRole('button', { name: 'Export CSV' }).click();
    await expect(shell.tasks).toContainText('is damaged');
    await expect(shell.tasks).toContainText('Restore the newest backup');
  });
  await test.step('Hosts: Add host', async () => {
    await shell.goTo('Hosts');
    await page.getByRole('button', { name: 'Add host', exact: true }).click();
    const dialog = shell.dialog('Add a host');
    await dialog.getByLabel('Name').fill('new-1');
    await dialog.getByLabel('SSH login').fill('root@192.0.2.1');
    await dialog.getByRole('button', { name: 'Add host', exact: true }).click();
    await expect(dialog.getByRole('alert')).toContainText('Restore the newest backup');
  });
});
