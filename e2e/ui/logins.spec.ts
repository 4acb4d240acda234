import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWorkspace } from '../../main/db/create-workspace.ts';
import { makeFakeKeychain } from '../fakehost/fake-keychain.ts';
import { axeFindings } from './axe-findings.ts';
import { expect, test } from './console-test.ts';
import { launchConsole } from './fixtures/launch-console.ts';
import { HostsScreen } from './screens/hosts-screen.ts';
import { Shell } from './screens/shell.ts';
import { themesInTurn } from './themes.ts';

const PASSPHRASE = 'plantedUiPassphrase5512';
const lock = (keyPath: string) => execFileSync('ssh-keygen', ['-q', '-p', '-a', '1', '-P', '', '-N', PASSPHRASE, '-f', keyPath], { stdio: 'pipe' });

for (const theme of themesInTurn(10)) {
  test.describe(`in the ${theme} look`, () => {
    test.use({ theme });
    test('a key file with a passphrase is unlocked once for all its hosts; a wrong one is asked again, and no host hears of it', async ({ live: { app, site } }) => {
      const { page } = app;
      await site.add(app.client);
      lock(site.sshKeyPath);
      const hosts = new HostsScreen(page);
      await hosts.shell.goTo('Hosts');
      await expect(page.getByText('2 hosts cannot be reached before you unlock the key file.')).toBeVisible();
      expect(await axeFindings(page)).toEqual([]);
      await page.getByRole('button', { name: 'Unlock keys …' }).click();
      const dialog = hosts.shell.dialog('Unlock keys');
      const field = dialog.getByLabel(`Passphrase of ${site.sshKeyPath}`);
      await expect(field).toHaveAttribute('type', 'password');
      await expect(dialog).toContainText('2 hosts log in with this key file.');
      await expect(dialog).toContainText('Only Firebreak’s own window');
      await expect(dialog.getByRole('checkbox')).toHaveCount(0);
      await field.fill('wrong');
      await dialog.getByRole('button', { name: 'Unlock for this session' }).click();
      await expect(dialog.getByRole('alert')).toContainText('That is not the passphrase of');
      expect(await axeFindings(page)).toEqual([]);
      await field.fill(PASSPHRASE);
      await dialog.getByRole('button', { name: 'Unlock for this session' }).click();
      await expect(dialog).toHaveCount(0);
      await expect(page.getByRole('button', { name: 'Unlock keys …' })).toHaveCount(0);
      expect((await app.client.logins.keys({})).map(({ state }) => state)).toEqual(['open']);
    });
  });
}

test.describe('in a window that has a keychain', () => {
  for (const theme of themesInTurn(11)) {
    test(`what is kept is off unless asked for, listed in Settings, and forgotten there (${theme})`, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'firebreak-ui-'));
      const workspacePath = join(folder, 'kept.firebreak');
      createWorkspace(workspacePath);
      const app = await launchConsole({ workspacePath, colorScheme: theme, keychain: makeFakeKeychain() });
      try {
        const { page } = app;
        await app.client.hosts.add({ name: 'db-1', ssh: { address: '192.0.2.7', port: 22, user: 'ops', identity: { kind: 'password' }, sudo: 'password', jump: null }, addresses: [], labels: {}, note: '' });
        const shell = new Shell(page);
        await shell.goTo('Hosts');
        await shell.chooseAction('db-1', 'Give passwords');
        const dialog = shell.dialog('Passwords for db-1');
        const keep = dialog.getByRole('checkbox', { name: 'Keep in this computer’s keychain' });
        await expect(keep).not.toBeChecked();
        await dialog.getByLabel('SSH password').fill(PASSPHRASE);
        await dialog.getByText('Keep in this computer’s keychain').click();
        await expect(keep).toBeChecked();
        expect(await axeFindings(page)).toEqual([]);
        await dialog.getByRole('button', { name: 'Use and keep' }).click();
        await expect(dialog).toHaveCount(0);
        await shell.goTo('Settings');
        const card = page.getByRole('region', { name: 'Kept logins' });
        await expect(card.getByRole('table')).toContainText('SSH password');
        await expect(card.getByRole('table')).toContainText('ops@192.0.2.7:22');
        await card.scrollIntoViewIfNeeded();
        expect(await axeFindings(page)).toEqual([]);
        for (const name of readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())) {
          expect(readFileSync(join(name.parentPath, name.name), 'latin1')).not.toContain(PASSPHRASE);
        }
        expect(await page.content()).not.toContain(PASSPHRASE);
        await card.getByRole('button', { name: 'Forget the SSH password of db-1' }).click();
        await expect(card).toContainText('Nothing is kept.');
        expect(app.problems).toEqual([]);
      } finally {
        await app.close();
        rmSync(folder, { recursive: true });
      }
    });
  }
});
