import { axeFindings } from './axe-findings.ts';
import { expect, test } from './console-test.ts';
import { RulesScreen } from './screens/rules-screen.ts';
import { themesInTurn } from './themes.ts';

test('a cell is edited where it stands, with completion and what it matches, and Escape puts back what was there', async ({ seeded: { page, client } }) => {
  const rules = new RulesScreen(page);
  await rules.shell.goTo('Rules');
  const [rule] = (await client.policy.get({})).policy.rules;
  if (rule === undefined) throw new Error('the seed has no rule');
  await rules.edit(rule.id, 'Owner');
  await page.keyboard.type('nobody in particular');
  await page.keyboard.press('Escape');
  await expect(rules.cell(rule.id, 'Owner')).toBeFocused();
  expect((await client.policy.get({})).policy.rules[0]).toEqual(rule);
  await rules.edit(rule.id, 'From');
  await page.keyboard.type('role=da');
  await expect(rules.note).toContainText('matches nobody now');
  await page.keyboard.type(',');
  await expect(rules.note).not.toContainText('matches nobody now');
  await page.keyboard.press('Enter');
  await expect(rules.note).toContainText('a condition is missing here');
  await rules.editor(rule.id, 'From').fill('zone:');
  await rules.completions.getByRole('option').first().click();
  await expect(rules.note).toContainText('matches');
  await page.keyboard.press('Enter');
  await expect(rules.cell(rule.id, 'From')).toContainText('zone:');
  await expect(rules.cell(rule.id, 'From')).toBeFocused();
});

test('Tab keeps what was typed and goes on to the next cell, and one press of Ctrl Z takes each edit back', async ({ seeded: { page, client } }) => {
  const rules = new RulesScreen(page);
  await rules.shell.goTo('Rules');
  const [rule] = (await client.policy.get({})).policy.rules;
  if (rule === undefined) throw new Error('the seed has no rule');
  await rules.edit(rule.id, 'Reason');
  await rules.editor(rule.id, 'Reason').fill('orders of the shop');
  await page.keyboard.press('Tab');
  await expect(rules.editor(rule.id, 'Owner')).toBeFocused();
  await rules.editor(rule.id, 'Owner').fill('team-orders');
  await page.keyboard.press('Enter');
  await expect(rules.cell(rule.id, 'Owner')).toContainText('team-orders');
  expect((await client.policy.get({})).policy.rules[0]).toEqual({ ...rule, reason: 'orders of the shop', owner: 'team-orders' });
  await page.keyboard.press('Control+z');
  await expect(rules.shell.draftCard).toContainText(`Undone: change rule ${rule.id}`);
  await page.keyboard.press('Control+z');
  await expect(rules.cell(rule.id, 'Reason')).not.toContainText('orders of the shop');
  expect((await client.policy.get({})).policy.rules[0]).toEqual(rule);
  await page.keyboard.press('Control+Shift+z');
  await expect(rules.cell(rule.id, 'Reason')).toContainText('orders of the shop');
  await rules.shell.draftCard.getByRole('button', { name: /^Undo: change rule/ }).click();
  await expect(rules.cell(rule.id, 'Reason')).not.toContainText('orders of the shop');
});

test('rules are selected with Space and get an owner, are disabled and removed together, each as one step', async ({ seeded: { page, client } }) => {
  const rules = new RulesScreen(page);
  await rules.shell.goTo('Rules');
  const before = (await client.policy.get({})).policy.rules;
  await rules.grid.locator('[role=gridcell][tabindex="0"]').focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await expect(rules.bulk).toContainText('2 selected');
  await rules.bulk.getByRole('button', { name: 'Set owner' }).click();
  const dialog = rules.shell.dialog('Owner of 2 rules');
  await dialog.getByLabel('Owner').fill('bob');
  await dialog.getByRole('button', { name: 'Save to draft' }).click();
  await expect(rules.rows('bob')).toHaveCount(2);
  await rules.bulk.getByRole('button', { name: 'Disable' }).click();
  await expect(rules.rows(', disabled')).toHaveCount(2);
  await rules.bulk.getByRole('button', { name: 'Remove' }).click();
  await rules.shell.dialog('Remove 2 rules').getByRole('button', { name: 'Remove from draft' }).click();
  await expect(rules.rows('bob')).toHaveCount(0);
  for (let i = 0; i < 3; i += 1) await rules.shell.draftCard.getByRole('button', { name: /^Undo: / }).click();
  await expect.poll(async () => (await client.policy.get({})).policy.rules).toEqual(before);
});

test('a rule says where it is used and what became of it', async ({ seeded: { page, client } }) => {
  const rules = new RulesScreen(page);
  await rules.shell.goTo('Rules');
  const [rule] = (await client.policy.get({})).policy.rules;
  await rules.shell.chooseAction(`rule ${rule?.id}`, 'Where used, history');
  const dialog = rules.shell.dialog(`Rule ${rule?.id}`);
  await expect(dialog).toContainText('Providers now');
  await expect(dialog.getByRole('table', { name: 'History of the rule' }).getByRole('row')).not.toHaveCount(0);
});

for (const theme of themesInTurn(20)) {
  test.describe(`in the ${theme} theme`, () => {
    test.use({ theme });
    test('axe finds nothing on the rules while a cell is edited and rules are selected', async ({ seeded: { page, client } }) => {
      const rules = new RulesScreen(page);
      await rules.shell.goTo('Rules');
      const [rule, other] = (await client.policy.get({})).policy.rules;
      if (rule === undefined || other === undefined) throw new Error('the seed has no rules');
      await rules.grid.getByRole('checkbox', { name: `Select rule ${other.id}` }).focus();
      await page.keyboard.press('Space');
      await expect(rules.bulk).toBeVisible();
      await client.policy.updateRule({ ...other, disabled: true });
      await rules.edit(rule.id, 'To');
      await page.keyboard.type('role=');
      await expect(rules.completions).toBeVisible();
      expect(await axeFindings(page)).toEqual([]);
    });
  });
}
