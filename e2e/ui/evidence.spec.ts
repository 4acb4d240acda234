import { axeFindings } from './axe-findings.ts';
import { expect, test } from './console-test.ts';
import { ChangesScreen } from './screens/changes-screen.ts';
import { Shell } from './screens/shell.ts';
import { themesInTurn } from './themes.ts';

for (const theme of themesInTurn(3)) {
  test.describe(`evidence in the ${theme} theme`, () => {
    test.use({ theme });

    test('a connection is explained with its pairs, the deciding rule, its counter and what was seen, and axe finds nothing', async ({ seeded }) => {
      const { page } = seeded;
      const shell = new Shell(page);
      await shell.goTo('Flows');
      await page.getByRole('button', { name: 'Explain a connection' }).click();
      const dialog = shell.dialog('Explain a connection');
      await dialog.getByLabel('From', { exact: true }).fill('role=web,app=shop');
      await dialog.getByLabel('To', { exact: true }).fill('role=db,app=shop');
      await dialog.getByLabel('Service', { exact: true }).fill('tcp/54x');
      await expect(dialog.getByRole('button', { name: 'Explain', exact: true })).toBeDisabled();
      await dialog.getByLabel('Service', { exact: true }).fill('tcp/5432');
      await dialog.getByLabel('At', { exact: true }).fill('Mon 03:00 Europe/Berlin');
      await dialog.getByRole('button', { name: 'Explain', exact: true }).click();
      const answer = dialog.getByRole('region', { name: 'Explanation' });
      await expect(answer).toContainText('the worst of');
      await expect(answer).toContainText('asked');
      await expect(answer).toContainText(/saw it (in|out)bound, last|never saw it/);
      await answer.scrollIntoViewIfNeeded();
      expect(await axeFindings(page)).toEqual([]);
    });

    test('changes show what each flips, and a version shows on what its zones were moved', async ({ seeded }) => {
      const { page } = seeded;
      const changes = new ChangesScreen(page);
      await changes.shell.goTo('Changes');
      await expect(changes.policy.getByText(/by itself: \d+ flow|flips nothing that was seen/).first()).toBeVisible();
      const [newest] = await seeded.client.versions.list({});
      await changes.shell.chooseAction(`version ${newest?.id}`, 'Evidence of its zones');
      const zone = changes.shell.dialog(/^Evidence of version/).getByRole('region', { name: 'Evidence of zone shop-data' });
      await expect(zone).toContainText('shop-data: enforce, since this version');
      await expect(zone).toContainText('Waived by ada on');
      await expect(zone).toContainText('audit on Friday');
      expect(await axeFindings(page)).toEqual([]);
    });

    test('a move shows each check with what is wanted and why', async ({ seeded }) => {
      const { page } = seeded;
      const shell = new Shell(page);
      await shell.goTo('Zones');
      await page.getByRole('button', { name: 'Move crm to enforce' }).click();
      const checks = shell.dialog(/^Move crm from/).getByRole('list', { name: 'Readiness checks' });
      await expect(checks).toContainText('Why it matters: test counts exactly what enforce will drop');
      await expect(checks).toContainText('wanted 7 d');
      expect(await axeFindings(page)).toEqual([]);
    });
  });
}

test('a flow of the list is explained as it was seen, and the list is filtered by what the draft would do', async ({ seeded }) => {
  const { page } = seeded;
  const shell = new Shell(page);
  await shell.goTo('Flows');
  await page.getByRole('button', { name: /Draft verdict/ }).click();
  await page.getByRole('option', { name: 'Draft: blocked' }).click();
  await expect(page.getByRole('table', { name: 'Flows' }).or(page.getByRole('grid', { name: 'Flows' })).getByText('Allowed', { exact: true })).toHaveCount(0);
  await page.getByRole('button', { name: /^Why\? .* to / }).first().click();
  const dialog = shell.dialog('Explain a connection');
  await expect(dialog.getByRole('region', { name: 'Explanation' })).toContainText(/Blocked|Would be blocked/);
  await expect(dialog.getByRole('region', { name: 'Explanation' })).toContainText('saw it');
});
