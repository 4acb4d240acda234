import { readFile } from 'node:fs/promises';
import type { BackendClient } from '../../main/rpc/client.ts';
import { axeFindings } from './axe-findings.ts';
import { expect, test } from './console-test.ts';
import { RulesScreen } from './screens/rules-screen.ts';
import { themesInTurn } from './themes.ts';

/** web-1 may reach db-1 on 5432 and on 6379, of which the simulated hosts let through 5432 alone, at both ends. */
const POLICY = `firebreak: 1
zones:
  - {name: web, select: role=web, mode: enforce, outbound: open}
  - {name: db, select: role=db, mode: enforce, outbound: open}
rules:
  - {action: allow, from: role=web, to: role=db, services: [tcp/5432, tcp/6379]}
tests:
  - {expect: allow, from: role=web, to: role=db, service: tcp/5432}
  - {expect: allow, from: role=web, to: role=db, service: tcp/6379}
  - {expect: deny, from: role=db, to: role=web, service: tcp/8080}
`;

async function pushPolicy(client: BackendClient): Promise<void> {
  const { text } = await client.policy.exportText({});
  const head = text.split('\n').filter((line) => /^(firebreak|version|format)\b/.test(line))[0];
  await client.policy.importText({ text: POLICY.replace('firebreak: 1', head ?? 'firebreak: 1'), dryRun: false, take: 'replace' });
  const { hash } = await client.pushes.plan({ zone: null });
  for await (const push of await client.pushes.start({ planHash: hash, zone: null, note: '', confirmWithinSeconds: 60 })) expect(['running', 'confirmed', null]).toContain(push.outcome);
}

for (const theme of themesInTurn(17)) {
  test.describe(`a proof in the ${theme} theme`, () => {
    test.use({ theme });

    test('hosts try what the policy says; what contradicts it stands first, with its cause, and all of it is saved', async ({ live: { app, site } }) => {
      await site.enroll(app.client);
      await pushPolicy(app.client);
      const rules = new RulesScreen(app.page);
      await rules.shell.goTo('Rules');
      await app.page.getByRole('button', { name: 'Prove on hosts' }).click();
      const dialog = rules.shell.dialog('Prove what gets through');
      await expect(dialog).toContainText('Nothing was tried yet.');
      await dialog.getByLabel('Sample').fill('101');
      await expect(dialog).toContainText('Write a whole number from 0 to 100.');
      await expect(dialog.getByRole('button', { name: 'Try now' })).toBeDisabled();
      await dialog.getByLabel('Sample').fill('2');
      await dialog.getByLabel('Seed').fill('5');
      await app.page.screenshot({ path: test.info().outputPath('form.png') });
      await dialog.getByRole('button', { name: 'Try now' }).click();
      const table = dialog.getByRole('table', { name: 'Connections that were tried' });
      const row = (n: number) => table.getByRole('row').nth(n);
      await expect(row(1)).toContainText(/contradicts policy.*web-1.*db-1.*10\.77\.0\.14:6379.*must reach.*refused by web-1 on its way out/);
      await expect(row(2)).toContainText(/contradicts policy.*\[fd77::14\]:6379/);
      await expect(table.getByRole('row').filter({ hasText: 'db-1 let it in and took the connection' })).not.toHaveCount(0);
      await expect(dialog.getByRole('status')).toContainText('2 contradicts policy');
      await app.page.screenshot({ path: test.info().outputPath('result.png') });
      expect(await axeFindings(app.page)).toEqual([]);
      const download = app.page.waitForEvent('download');
      await dialog.getByRole('button', { name: 'Save CSV' }).click();
      const file = await download;
      expect(file.suggestedFilename()).toBe('proof-1.csv');
      expect(await readFile(await file.path(), 'utf8')).toContain(',contradicts,refused by web-1 on its way out\r\n');
      await dialog.getByRole('button', { name: 'Try more' }).click();
      await expect(dialog.getByRole('heading', { name: /^The last one/ })).toBeVisible();
      await expect(dialog).toContainText('seed 5, by');
    });
  });
}

test('before anything was pushed it says what to do', async ({ live: { app, site } }) => {
  await site.enroll(app.client);
  const rules = new RulesScreen(app.page);
  await rules.shell.goTo('Rules');
  await app.page.getByRole('button', { name: 'Prove on hosts' }).click();
  const dialog = rules.shell.dialog('Prove what gets through');
  await dialog.getByRole('button', { name: 'Try now' }).click();
  await expect(dialog).toContainText('nothing was pushed yet, so there is nothing to prove; push a policy first');
});
