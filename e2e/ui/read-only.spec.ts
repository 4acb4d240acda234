import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWorkspace } from '../../main/db/create-workspace.ts';
import { axeFindings } from './axe-findings.ts';
import { expect, test } from './console-test.ts';
import { launchConsole } from './fixtures/launch-console.ts';
import { WorkspaceScreen } from './screens/workspace-screen.ts';

const desk = new URL('../../main/services/workspace-desk.ts', import.meta.url).href;
const opener = (workspacePath: string, configDir: string) =>
  `import { createDesk } from ${JSON.stringify(desk)}; createDesk(${JSON.stringify({ workspacePath, user: 'bob', configDir })}); console.log('open'); setInterval(() => {}, 60_000);`;

test('a second window says who has the workspace, changes nothing, and takes over when that console has ended', async ({ theme }) => {
  test.slow();
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-ui-'));
  const workspacePath = join(folder, 'shared.firebreak');
  createWorkspace(workspacePath);
  const other = spawn(process.execPath, ['--input-type=module', '-e', opener(workspacePath, join(folder, 'other'))], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(other.stdout, 'data');
  const app = await launchConsole({ workspacePath, colorScheme: theme });
  try {
    const screen = new WorkspaceScreen(app.page);
    await expect(screen.held).toContainText(`Open in bob’s console (process ${other.pid ?? 0})`);
    await expect(screen.held.getByRole('button', { name: 'Take over' })).toBeDisabled();
    await screen.open('shared');
    await expect(screen.button('Restore a backup')).toBeDisabled();
    await expect(screen.button('Compact')).toBeDisabled();
    expect(await axeFindings(app.page)).toEqual([]);
    await screen.shell.goTo('Zones');
    await app.page.getByRole('button', { name: 'Add zone', exact: true }).first().click();
    const dialog = screen.shell.dialog('Add a zone');
    await dialog.getByLabel('Name').fill('shop');
    await dialog.getByLabel('Selects hosts with').fill('app=shop');
    await dialog.getByRole('button', { name: 'Add to draft' }).click();
    await expect(dialog.getByRole('alert')).toContainText('is open in another console (bob');
    await app.page.keyboard.press('Escape');
    other.kill('SIGKILL');
    await screen.held.getByRole('button', { name: 'Take over' }).click();
    await screen.held.waitFor({ state: 'detached' });
    await screen.open('shared');
    await expect(screen.facts).toContainText('held by this window');
    expect(app.problems).toEqual([]);
  } finally {
    other.kill('SIGKILL');
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
