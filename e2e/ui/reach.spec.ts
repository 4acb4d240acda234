import { axeFindings } from './axe-findings.ts';
import { expect, test } from './console-test.ts';
import { MatrixScreen } from './screens/matrix-screen.ts';
import { ReachScreen } from './screens/reach-screen.ts';
import { themesInTurn } from './themes.ts';

for (const theme of themesInTurn(18)) {
  test.describe(`reach in the ${theme} theme`, () => {
    test.use({ theme });

    test('the matrix tells what was seen, what passes now and by the draft', async ({ seeded }) => {
      const { page } = seeded;
      const matrix = new MatrixScreen(page);
      await matrix.shell.goTo('Matrix');
      await expect(matrix.cell('shop-front', 'shop-data')).toHaveAccessibleName(/connections on \d+ services, worst: /);
      await page.keyboard.press('d');
      await expect(matrix.cell('crm', 'shop-data')).toHaveAccessibleName(/: nothing passes$/);
      await expect(matrix.cell('shop-front', 'crm')).toHaveAccessibleName(/everything passes, some of it only because an end tests/);
      await matrix.show('Draft');
      await expect(matrix.cell('shop-front', 'crm')).toHaveAccessibleName(/unlike what hosts run now$/);
      expect(await axeFindings(page)).toEqual([]);
    });

    test('a pair of zones opens with what passes by either policy and by which rules', async ({ seeded }) => {
      const { page } = seeded;
      const matrix = new MatrixScreen(page);
      await matrix.shell.goTo('Matrix');
      await matrix.show('Draft');
      await matrix.cell('shop-front', 'shop-data').click();
      const draft = matrix.panel.getByRole('region', { name: 'Draft, once enforced' });
      await expect(draft).toContainText('Only these services pass.');
      await expect(draft).toContainText('tcp/5432');
      await expect(matrix.panel.getByRole('region', { name: 'Rules', exact: true })).toContainText('allow app=shop,role=app,env=prod → app=shop,role=db,env=prod on postgres');
      expect(await axeFindings(page)).toEqual([]);
    });

    test('the reach of a host is counted for both policies, and a path tells each step', async ({ seeded }) => {
      const { page } = seeded;
      const reach = new ReachScreen(page);
      await reach.shell.goTo('Reach');
      await reach.chooseStart('web-1');
      await expect(reach.figures).toContainText(/Live policy\d+ of 18 hosts/);
      await expect(reach.table('Hosts that are reached').getByRole('row').nth(3)).toBeVisible();
      await reach.press('Draft');
      await expect(reach.table('Hosts that are reached').getByText('app-1', { exact: true }).first()).toBeVisible();
      await reach.table('Hosts that are reached').getByRole('button', { name: 'Path to db-1' }).click();
      await expect(reach.path).toContainText('app-1 → db-1');
      await expect(reach.path).toContainText(/tcp\/5432.*db-1: rule r_/);
      expect(await axeFindings(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await expect(reach.path).toHaveCount(0);
      await reach.press('What reaches it');
      await expect(reach.table('Hosts that reach it').getByText('lb-1', { exact: true }).first()).toBeVisible();
      expect(await axeFindings(page)).toEqual([]);
    });
  });
}

test('a pair of the matrix leads to its flows and to a rule that is filled in; arrow keys walk through the cells', async ({ seeded }) => {
  const { page } = seeded;
  const matrix = new MatrixScreen(page);
  await matrix.shell.goTo('Matrix');
  await matrix.cell('Any', 'Any').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await expect(matrix.cell('shop-data', 'shop-data')).toBeFocused();
  await matrix.cell('ops', 'shop-front').click();
  await matrix.panel.getByRole('button', { name: 'Draft a rule' }).click();
  const dialog = matrix.shell.dialog('Add a rule');
  await expect(dialog.getByLabel('From (consumers)')).toHaveValue('zone:ops');
  await expect(dialog.getByLabel('To (providers)')).toHaveValue('zone:shop-front');
  await page.keyboard.press('Escape');
  await matrix.panel.getByRole('link', { name: 'Show its flows' }).click();
  await matrix.shell.heading('Flows').waitFor();
  await expect(page.getByLabel('From', { exact: true })).toHaveValue('zone:ops');
});

test('with nothing in the workspace both screens say what to do first', async ({ empty }) => {
  const matrix = new MatrixScreen(empty.page);
  await matrix.shell.goTo('Matrix');
  await expect(empty.page.getByRole('heading', { name: 'Nobody to compare yet' })).toBeVisible();
  await matrix.shell.goTo('Reach');
  await expect(empty.page.getByRole('heading', { name: 'Nothing to start from' })).toBeVisible();
  await expect(empty.page.getByRole('link', { name: 'Add hosts' })).toHaveAttribute('href', '#/hosts');
  await expect(empty.page.getByText('There are no hosts yet.')).toBeVisible();
});
