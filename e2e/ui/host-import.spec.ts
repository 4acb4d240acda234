import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { axeFindings } from './axe-findings.ts';
import { expect, test } from './console-test.ts';
import { HostsScreen } from './screens/hosts-screen.ts';
import { themesInTurn } from './themes.ts';

let folder = '';
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'firebreak-import-'));
});
test.afterEach(() => rmSync(folder, { recursive: true }));

async function openImport(page: Page, kind: string): Promise<{ hosts: HostsScreen; dialog: Locator; preview: Locator }> {
  const hosts = new HostsScreen(page);
  await hosts.shell.goTo('Hosts');
  await page.getByRole('button', { name: 'Import hosts' }).click();
  const dialog = hosts.shell.dialog('Import hosts');
  await dialog.getByRole('radio', { name: kind }).click();
  return { hosts, dialog, preview: dialog.getByRole('region', { name: 'What the list holds' }) };
}

for (const theme of themesInTurn(7)) {
  test.describe(`a list of hosts in the ${theme} theme`, () => {
    test.use({ theme });

    test('is read while it is pasted, told row by row, and added in one step', async ({ seeded: { page, client } }) => {
      const hosts = new HostsScreen(page);
      await hosts.shell.goTo('Hosts');
      await page.getByRole('button', { name: 'Import hosts' }).click();
      expect(page.url()).toContain('ask=import');
      const dialog = hosts.shell.dialog('Import hosts');
      await expect(dialog.getByRole('button', { name: 'Add hosts' })).toBeDisabled();
      await dialog.getByRole('textbox', { name: 'List of hosts (CSV)' }).fill('name,address,role,site\ntape-7,198.51.100.1,storage,"Akron, OH"\nodd,198.51.100,x,y\ndb-1,198.51.100.3,db,z');
      const preview = dialog.getByRole('region', { name: 'What the list holds' });
      await expect(preview).toContainText('3 rows: 1 to add, 1 there already that differs and stays as it is, 1 refused. Labels from the columns role, site.');
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
  await page.getByRole('button', { name: 'Import hosts' }).click();
  const dialog = hosts.shell.dialog('Import hosts');
  const input = dialog.locator('input[type=file]');
  await input.setInputFiles({ name: 'all.csv', mimeType: 'text/csv', buffer: Buffer.alloc(9_000_000, 'a') });
  await expect(dialog.getByRole('status')).toContainText('all.csv has 8.6 MB; at most 7.6 MB are taken.');
  await expect(dialog.getByRole('textbox', { name: 'List of hosts (CSV)' })).toHaveValue('');
  await input.setInputFiles({ name: 'few.csv', mimeType: 'text/csv', buffer: Buffer.from('name,address\ntape-7,198.51.100.1\n') });
  await expect(dialog.getByRole('button', { name: 'Add 1 host', exact: true })).toBeEnabled();
  await expect(dialog.getByRole('status')).toBeEmpty();
});

test('columns of a list are what the person says they are', async ({ seeded: { page, client } }) => {
  const { dialog, preview } = await openImport(page, 'CSV list');
  await dialog.getByRole('textbox', { name: 'List of hosts (CSV)' }).fill('asset,mgmt,site\ntape-7,198.51.100.1,Akron\n');
  await expect(preview.getByRole('table', { name: 'Refused rows' })).toContainText('no column “name”');
  const columns = dialog.getByRole('region', { name: 'Columns' });
  for (const [column, meaning] of [['asset', 'Name'], ['mgmt', 'Addresses'], ['site', 'Label loc']] as const) {
    await columns.getByRole('button', { name: column }).click();
    await page.getByRole('option', { name: meaning, exact: true }).click();
  }
  await expect(preview).toContainText('1 row: 1 to add');
  expect(await axeFindings(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Add 1 host', exact: true }).click();
  await expect(dialog).toHaveCount(0);
  expect((await client.hosts.get({ name: 'tape-7' })).labels).toEqual({ loc: 'Akron' });
});

test('an ssh configuration is read with its jump hosts, a host is left out, and a second import changes what differs', async ({ seeded: { page, client } }) => {
  const file = join(folder, 'config');
  writeFileSync(file, 'Host gate-9\n HostName 198.51.100.7\nHost in-9\n HostName 10.99.0.1\n Port 2222\n ProxyJump gate-9\nHost out-9\n HostName 198.51.100.8\nHost odd-9\n ProxyCommand nc %h %p\n');
  const { dialog, preview } = await openImport(page, 'SSH configuration');
  await dialog.getByRole('textbox', { name: 'SSH configuration' }).fill(file);
  await dialog.getByRole('button', { name: 'Look at it' }).click();
  await expect(preview).toContainText('4 hosts: 3 to add, 0 there already, 1 refused.');
  await expect(preview.getByRole('table', { name: 'Hosts to add' })).toContainText('10.99.0.1:2222 through gate-9');
  await expect(preview.getByRole('table', { name: 'Refused rows' })).toContainText('it is reached by a command of this machine');
  expect(await axeFindings(page)).toEqual([]);
  await preview.getByText('out-9', { exact: true }).click();
  await dialog.getByRole('button', { name: 'Add 2 hosts', exact: true }).click();
  await expect(dialog).toHaveCount(0);
  expect((await client.hosts.get({ name: 'in-9' })).ssh).toMatchObject({ port: 2222, jump: 'gate-9' });
  writeFileSync(file, 'Host gate-9\n HostName 198.51.100.7\n Port 2200\n');
  const again = await openImport(page, 'SSH configuration');
  await again.dialog.getByRole('textbox', { name: 'SSH configuration' }).fill(file);
  await again.dialog.getByRole('button', { name: 'Look at it' }).click();
  await expect(again.preview).toContainText('1 there already that differs and stays as it is');
  await expect(again.dialog.getByRole('button', { name: 'Add hosts', exact: true })).toBeDisabled();
  await again.dialog.getByText('Change hosts that are there to what the source says').click();
  await expect(again.preview.getByRole('table', { name: 'Hosts to change' })).toContainText('port: 22 → 2200');
  await again.dialog.getByRole('button', { name: 'Change 1 host', exact: true }).click();
  await expect(again.dialog).toHaveCount(0);
  expect((await client.hosts.get({ name: 'gate-9' })).ssh?.port).toBe(2200);
});

test('an Ansible inventory offers its groups and variables as labels, and its passwords are not taken', async ({ seeded: { page, client } }) => {
  mkdirSync(join(folder, 'group_vars'));
  writeFileSync(join(folder, 'hosts'), '[web_servers]\nweb-91 ansible_host=198.51.100.1 ansible_password=hunter2\nweb-92 ansible_host=198.51.100.2\n[windows]\nwin-9 ansible_connection=winrm\n');
  writeFileSync(join(folder, 'group_vars', 'web_servers.yml'), 'stage: staging\n');
  const { dialog, preview } = await openImport(page, 'Ansible inventory');
  await dialog.getByRole('textbox', { name: 'Inventory' }).fill(folder);
  await dialog.getByRole('button', { name: 'Look at it' }).click();
  await expect(preview).toContainText('3 hosts: 2 to add');
  await dialog.getByRole('button', { name: 'variable stage' }).click();
  const sources = dialog.getByRole('textbox', { name: 'Labels from groups and variables' });
  await sources.fill('stage=var:stage\nrole=group:*_servers\nnonsense');
  await expect(dialog.getByText('“nonsense” says not where a label comes from')).toBeVisible();
  await sources.fill('stage=var:stage\nrole=group:*_servers');
  await expect(preview.getByRole('table', { name: 'Hosts to add' })).toContainText('role=web,stage=staging');
  await expect(preview).toContainText('ansible_password stands in the inventory and was not taken');
  await expect(preview).not.toContainText('hunter2');
  expect(await axeFindings(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Add 2 hosts', exact: true }).click();
  await expect(dialog).toHaveCount(0);
  expect((await client.hosts.get({ name: 'web-91' })).ssh?.identity).toEqual({ kind: 'password' });
});

test('a network is asked for SSH, and what is picked of it is added under the name that was typed', async ({ seeded: { page, client } }) => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.write('SSH-2.0-test\r\n');
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.9.7.1', () => {
      const bound = server.address();
      resolve(typeof bound === 'object' && bound !== null ? bound.port : 0);
    });
  });
  try {
    const { dialog } = await openImport(page, 'Network');
    await dialog.getByRole('textbox', { name: 'Network' }).fill('127.9.7.0/29');
    await dialog.getByRole('spinbutton', { name: 'Port' }).fill(String(port));
    await dialog.getByRole('button', { name: 'Ask for SSH' }).click();
    const answers = dialog.getByRole('region', { name: 'What answered' });
    await expect(answers).toContainText('6 addresses asked: 1 with SSH, 0 silent, 5 refuse');
    await answers.getByText('127.9.7.1', { exact: true }).click();
    await answers.getByRole('textbox', { name: 'Name of 127.9.7.1' }).fill('found-9');
    expect(await axeFindings(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Add 1 host', exact: true }).click();
    await expect(dialog).toHaveCount(0);
    expect((await client.hosts.get({ name: 'found-9' })).ssh).toMatchObject({ address: '127.9.7.1', port, user: 'root' });
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});
