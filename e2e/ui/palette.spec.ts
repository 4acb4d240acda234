import { axeFindings } from './axe-findings.ts';
import { expect, test } from './console-test.ts';
import { Shell } from './screens/shell.ts';
import { themesInTurn } from './themes.ts';

for (const theme of themesInTurn(15)) {
  test.describe(`the palette in the ${theme} theme`, () => {
    test.use({ theme });

    test('finds a host with the keyboard alone and opens its page, and axe finds nothing', async ({ seeded }) => {
      const { page } = seeded;
      const shell = new Shell(page);
      await shell.heading('Overview').waitFor();
      await page.keyboard.press('Control+k');
      const palette = shell.dialog('Command palette');
      await expect(palette.getByRole('menuitem').first()).toContainText('Go to Overview');
      await page.keyboard.type('crm-app-1');
      await expect(palette.getByRole('menuitem').first()).toContainText('crm-app-1');
      expect(await axeFindings(page)).toEqual([]);
      await page.keyboard.press('Enter');
      await expect(shell.heading('crm-app-1')).toBeVisible();
      await page.goBack();
      await expect(shell.heading('Overview')).toBeVisible();
    });
  });
}

test('a screen, a command, a rule and an address are opened by what is typed', async ({ seeded }) => {
  const { page } = seeded;
  const shell = new Shell(page);
  const palette = shell.dialog('Command palette');
  const choose = async (text: string, first: string | RegExp) => {
    await page.keyboard.press('Control+k');
    await page.keyboard.type(text);
    await expect(palette.getByRole('menuitem').first()).toContainText(first);
    await page.keyboard.press('Enter');
    await expect(palette).toHaveCount(0);
  };
  await shell.heading('Overview').waitFor();
  await choose('zones', 'Go to Zones');
  await expect(shell.heading('Zones')).toBeVisible();
  await choose('add rule', 'Add a rule');
  await expect(shell.dialog('Add a rule')).toBeVisible();
  await page.keyboard.press('Escape');
  const [rule] = (await seeded.client.policy.get({})).policy.rules;
  await choose(rule?.id ?? 'none', rule?.id ?? 'none');
  await expect(page.getByPlaceholder('Filter rules')).toHaveValue(rule?.id ?? 'none');
  const { rows } = await seeded.client.flows.page({ sinceMs: null, untilMs: null, verdict: null, from: null, to: null, text: null, order: 'newest', cursor: null, limit: 1000 });
  const stranger = rows.find((row) => row.peerHost === null && row.origin === null)?.peerAddress ?? 'none';
  await choose(stranger, stranger);
  await expect(page.getByRole('searchbox', { name: 'Filter flows' })).toHaveValue(stranger);
});

test('the palette says when nothing fits, and Escape closes it', async ({ seeded }) => {
  const shell = new Shell(seeded.page);
  await shell.heading('Overview').waitFor();
  await seeded.page.getByRole('button', { name: 'Search', exact: true }).click();
  await seeded.page.keyboard.type('qqqqqq');
  await expect(shell.dialog('Command palette')).toContainText('Nothing fits.');
  await seeded.page.keyboard.press('Escape');
  await seeded.page.keyboard.press('Escape');
  await expect(shell.dialog('Command palette')).toHaveCount(0);
});
