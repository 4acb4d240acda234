import { axeFindings } from './axe-findings.ts';
import { expect, test } from './console-test.ts';
import { RulesScreen } from './screens/rules-screen.ts';
import { themesInTurn } from './themes.ts';

for (const theme of themesInTurn(4)) {
  test.describe(`findings in the ${theme} theme`, () => {
    test.use({ theme });

    test('are listed worst first with their evidence, filtered by severity and text, and axe finds nothing', async ({ seeded }) => {
      const rules = new RulesScreen(seeded.page);
      await rules.shell.goTo('Rules');
      await seeded.page.getByRole('button', { name: 'Findings', exact: true }).click();
      await expect(rules.findings.getByRole('article').first()).toContainText('Warning');
      await expect(rules.findings).toContainText('matches nobody with a known address');
      expect(await axeFindings(seeded.page)).toEqual([]);
      await rules.findings.getByRole('button', { name: /Severity/ }).click();
      await seeded.page.getByRole('option', { name: 'Info' }).click();
      await expect(rules.findings.getByRole('article').filter({ hasText: 'Warning' })).toHaveCount(0);
      await rules.findings.getByPlaceholder('Filter findings').fill('reason_missing');
      await expect(rules.findings.getByRole('article').filter({ hasNotText: 'It has no reason' })).toHaveCount(0);
    });
  });
}

test('a finding’s fix is done in the draft by keyboard alone, and the finding goes', async ({ seeded }) => {
  const rules = new RulesScreen(seeded.page);
  await rules.shell.goTo('Rules');
  const before = (await seeded.client.policy.lint({ file: null, days: 30 })).findings.filter(({ code }) => code === 'RULE_END_EMPTY');
  expect(before).toHaveLength(1);
  const id = before[0]?.subject.id ?? '';
  await seeded.page.getByRole('button', { name: 'Findings', exact: true }).focus();
  await seeded.page.keyboard.press('Enter');
  await rules.findings.getByRole('button', { name: `Do it in the draft: RULE_END_EMPTY:${id}` }).focus();
  await seeded.page.keyboard.press('Enter');
  await expect(rules.findings.getByRole('article', { name: `RULE_END_EMPTY:${id}` })).toHaveCount(0);
  expect((await seeded.client.policy.get({})).policy.rules.map((rule) => String(rule.id))).not.toContain(id);
});

test('what only a person knows is written in the rule’s own dialog', async ({ seeded }) => {
  const rules = new RulesScreen(seeded.page);
  await rules.shell.goTo('Rules');
  await seeded.page.getByRole('button', { name: 'Findings', exact: true }).click();
  const missing = rules.findings.getByRole('article', { name: /^REASON_MISSING/ }).first();
  const name = (await missing.getAttribute('aria-label')) ?? '';
  await missing.getByRole('button', { name: /^Edit rule/ }).click();
  const dialog = rules.shell.dialog(/^Change rule/);
  await dialog.getByLabel('Reason').fill('agreed with the team');
  await dialog.getByRole('button', { name: 'Save to draft' }).click();
  await expect(rules.findings.getByRole('article', { name, exact: true })).toHaveCount(0);
});
