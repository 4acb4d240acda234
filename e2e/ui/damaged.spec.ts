import { join } from 'node:path';
import { damageFile } from '../../main/db/testing/damage-file.ts';
import { expect, test } from './console-test.ts';
import { HostsScreen } from './screens/hosts-screen.ts';
import { WorkspaceScreen } from './screens/workspace-screen.ts';

test('a workspace that was damaged while it was open is told as such, and left for its backup from its own screen', async ({ seeded }) => {
  const { page, client, backend } = seeded;
  const backup = join(backend.workspace.path, '..', 'before.backup');
  await client.workspace.backUp({ path: backup });
  damageFile(backend.workspace.path);
  await page.reload();
  const hosts = new HostsScreen(page);
  await hosts.shell.goTo('Hosts');
  await expect(page.getByRole('alert')).toContainText('is damaged');
  await expect(page.getByRole('alert')).toContainText('Restore the newest backup');

  const screen = new WorkspaceScreen(page);
  await screen.open('cannot be read');
  await expect(screen.facts.getByRole('alert')).toContainText('is damaged');
  await screen.facts.getByRole('button', { name: 'Restore a backup' }).click();
  const dialog = screen.shell.dialog('Restore a backup');
  await dialog.getByLabel('Backup').fill(backup);
  await dialog.getByRole('button', { name: 'Restore', exact: true }).click();
  await expect(dialog.getByRole('alert')).toContainText('the whole current file, which cannot be opened');
  await dialog.getByText('Go back all the same').click();
  await dialog.getByRole('button', { name: 'Restore and lose these' }).click();
  await hosts.shell.goTo('Hosts');
  await expect(page.getByRole('link', { name: 'db-1', exact: true })).toBeVisible();
});

test('a workspace that cannot be read can be left for a new one', async ({ seeded }) => {
  const { page, backend } = seeded;
  damageFile(backend.workspace.path);
  await page.reload();
  const screen = new WorkspaceScreen(page);
  await screen.open('cannot be read');
  await screen.button('New').click();
  const dialog = screen.shell.dialog('New workspace');
  await dialog.getByLabel('Name or path').fill('afresh');
  await dialog.getByRole('button', { name: 'Make and open' }).click();
  await expect(page.getByRole('link', { name: /^Workspace afresh/ })).toBeVisible();
});
