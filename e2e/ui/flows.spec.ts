import { axeFindings } from './axe-findings.ts';
import { expect, test } from './console-test.ts';
import { FlowsScreen } from './screens/flows-screen.ts';
import { themesInTurn } from './themes.ts';

for (const theme of themesInTurn(6)) {
  test.describe(`flows in the ${theme} theme`, () => {
    test.use({ theme });

    test('columns filter, rows are chosen, and axe finds nothing', async ({ seeded }) => {
      const flows = new FlowsScreen(seeded.page);
      await flows.open();
      await flows.filterColumn('Service', 'tcp/5432');
      await expect(flows.rows.nth(1)).toContainText('tcp/5432');
      await expect(flows.rows.filter({ hasText: 'tcp/443' })).toHaveCount(0);
      expect(seeded.page.url()).toContain('service=');
      await flows.chooseRow(1);
      await flows.chooseRow(2);
      await expect(flows.selection).toContainText('2 selected');
      expect(await axeFindings(seeded.page)).toEqual([]);
    });
  });
}

test('what is shown is saved as a view, and opened again from the menu', async ({ seeded }) => {
  const flows = new FlowsScreen(seeded.page);
  await flows.open('service=tcp%2F5432');
  await flows.saveView('Databases');
  await flows.openView('All flows of the last 7 days');
  await expect(seeded.page.getByRole('button', { name: 'Filter by Service', exact: true })).toBeVisible();
  await flows.openView('Databases');
  await expect(seeded.page.getByRole('button', { name: 'Filter by Service: tcp/5432' })).toBeVisible();
  await expect(flows.rows.nth(1)).toContainText('tcp/5432');
  expect(await seeded.client.flows.views({})).toMatchObject([{ name: 'Databases', filters: { service: 'tcp/5432' } }]);
});

test('time orders the whole list both ways, and connections order all that is stored', async ({ seeded }) => {
  const flows = new FlowsScreen(seeded.page);
  await flows.open();
  const busiest = await seeded.client.flows.page({ sinceMs: null, untilMs: null, verdict: null, from: null, to: null, text: null, order: 'busiest', cursor: null, limit: 1 });
  await flows.table.getByRole('button', { name: 'Conns' }).click();
  await expect(flows.rows.nth(1)).toContainText(busiest.rows[0]?.connections.toLocaleString('en') ?? 'none');
  await expect(flows.table.getByRole('columnheader', { name: 'Conns' })).toHaveAttribute('aria-sort', 'descending');
  await flows.table.getByRole('button', { name: 'Last seen' }).click();
  await expect(flows.table.getByRole('columnheader', { name: 'Last seen' })).toHaveAttribute('aria-sort', 'descending');
  await flows.table.getByRole('button', { name: 'Last seen' }).click();
  await expect(flows.table.getByRole('columnheader', { name: 'Last seen' })).toHaveAttribute('aria-sort', 'ascending');
});

test('more rows are read while scrolling, up to the last one', async ({ seeded }) => {
  const flows = new FlowsScreen(seeded.page);
  await flows.open('period=all');
  const { count } = await seeded.client.flows.count({ sinceMs: null, untilMs: null, verdict: null, from: null, to: null, text: null });
  await expect(seeded.page.getByText(`${count.toLocaleString('en')} seen`)).toBeVisible();
  await expect(async () => {
    await flows.scrollToEnd();
    await expect(flows.table).toHaveAttribute('aria-rowcount', String(count + 1), { timeout: 500 });
  }).toPass();
});

test('why? answers at once, and chosen flows become rules of the draft together', async ({ seeded }) => {
  const flows = new FlowsScreen(seeded.page);
  await flows.open('verdict=blocked');
  await flows.table.getByRole('button', { name: /^Why\? / }).first().click();
  await expect(flows.shell.dialog('Explain a connection').getByRole('region', { name: 'Explanation' })).toContainText('saw it');
  await seeded.page.keyboard.press('Escape');
  const before = (await seeded.client.policy.get({})).policy.rules.length;
  await flows.table.getByRole('checkbox', { name: /^Select all/ }).click({ force: true });
  await flows.selection.getByRole('button', { name: 'Draft rules' }).click();
  const dialog = flows.shell.dialog(/^Draft \d+ rules/);
  const add = dialog.getByRole('button', { name: /^Add \d+ to draft/ });
  const added = Number(/\d+/.exec((await add.textContent()) ?? '')?.[0]);
  expect(added).toBeGreaterThan(1);
  await add.click();
  await expect(dialog).toHaveCount(0);
  expect((await seeded.client.policy.get({})).policy.rules.length).toBe(before + added);
});

test('a filter that nothing fits says so, and one that cannot be read says what to write', async ({ seeded }) => {
  const flows = new FlowsScreen(seeded.page);
  await flows.open('text=nowhere-at-all');
  await expect(seeded.page.getByRole('heading', { name: 'No flow matches' })).toBeVisible();
  await seeded.page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(flows.rows.nth(1)).toBeVisible();
  await flows.open('service=postgres-that-is-not');
  await expect(seeded.page.getByText('there is no service “postgres-that-is-not”')).toBeVisible();
});
