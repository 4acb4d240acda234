import { axeFindings } from './axe-findings.ts';
import { expect, test } from './console-test.ts';
import { HostsScreen } from './screens/hosts-screen.ts';

for (const theme of ['light', 'dark'] as const) {
  test.describe(`a list of hosts in the ${theme} theme`, () => {
    test.use({ theme });

    test('is read while it is pasted, told row by row, and added in one step', async ({ seeded: { page, client } }) => {
      const hosts = new HostsScreen(page);
      await hosts.shell.goTo('Hosts');
      await page.getByRole('button', { name: 'Import list' }).click();
      expect(page.url()).toContain('ask=import');
      const dialog = hosts.shell.dialog('Import a list of hosts');
      await expect(dialog.getByRole('button', { name: 'Add hosts' })).toBeDisabled();
      await dialog.getByRole('textbox', { name: 'List of hosts (CSV)' }).fill('name,address,role,site\ntape-7,198.51.100.1,storage,"Akron, OH"\nodd,198.51.100,x,y\ndb-1,198.51.100.3,db,z');
      const preview = dialog.getByRole('region', { name: 'What the list holds' });
      await expect(preview).toContainText('3 rows: 1 to add, 1 there already, which stays as it is, 1 refused. Labels from the columns role, site.');
      await expect(preview.getByRole('table', { name: 'Refused rows' })).toContainText('“198.51.100” is no address');
      expect(await axeFindings(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Add 1 host', exact: true }).click();
      await expect(dialog).toHaveCount(0);
      await page.getByPlaceholder('Filter hosts').fill('tape-7');
      await expect(hosts.row('tape-7')).toContainText('storage');
      expect((await client.hosts.get({ name: 'tape-7' })).labels).toEqual({ role: 'storage', site: 'Akron-OH' });
    });
  });
}

test('a file that is too long is refused by its size before it is read, and another can be opened', async ({ seeded: { page } }) => {
  const hosts = new HostsScreen(page);
  await hosts.shell.goTo('Hosts');
  await page.getByRole('button', { name: 'Import list' }).click();
  const dialog = hosts.shell.dialog('Import a list of hosts');
  const input = dialog.locator('input[type=file]');
  await input.setInputFiles({ name: 'all.csv', mimeType: 'text/csv', buffer: Buffer.alloc(9_000_000, 'a') });
  await expect(dialog.getByRole('status')).toContainText('all.csv has 8.6 MB; at most 7.6 MB are taken.');
  await expect(dialog.getByRole('textbox', { name: 'List of hosts (CSV)' })).toHaveValue('');
  await input.setInputFiles({ name: 'few.csv', mimeType: 'text/csv', buffer: Buffer.from('name,address\ntape-7,198.51.100.1\n') });
  await expect(dialog.getByRole('button', { name: 'Add 1 host', exact: true })).toBeEnabled();
  await expect(dialog.getByRole('status')).toBeEmpty();
});
