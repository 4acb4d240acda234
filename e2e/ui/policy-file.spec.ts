import { expect, test } from './console-test.ts';
import { RulesScreen } from './screens/rules-screen.ts';

test('a pasted policy file is checked while it is typed, compared with the draft, and taken', async ({ live: { app, site } }) => {
  await site.enroll(app.client);
  const rules = new RulesScreen(app.page);
  await rules.shell.goTo('Rules');
  await app.page.getByRole('button', { name: 'YAML' }).click();
  const dialog = rules.shell.dialog('Policy as a file');
  const take = dialog.getByRole('button', { name: 'Make it the draft' });
  await expect(take).toBeDisabled();
  const file = (services: string) => `firebreak: 1\nrules:\n  # the shop’s own database\n  - {action: allow, from: role=web, to: role=db, services: ${services}}\n`;
  await dialog.getByLabel('Policy file').fill(file('tcp/70000'));
  await expect(dialog.getByTestId('file-issues')).toContainText('policy.yaml:4:60: port 70000 does not exist; ports run from 0 to 65535');
  await expect(take).toBeDisabled();
  await dialog.getByLabel('Policy file').fill(file('tcp/5432'));
  await expect(dialog.getByRole('region', { name: 'What the file changes in the draft' })).toContainText('allow role=web → role=db on tcp/5432');
  await take.click();
  await expect(rules.rows('role=web', 'role=db', 'tcp/5432')).toHaveCount(1);
  expect((await app.client.policy.exportText({})).text).toContain('# the shop’s own database');
});

test('what the draft and the file both changed is shown with both sides, and a side can be chosen', async ({ live: { app } }) => {
  await app.client.policy.importText({ text: 'firebreak: 1\nrules:\n  - {action: allow, from: role=web, to: role=db, services: tcp/1}\n', dryRun: false });
  const { text } = await app.client.policy.exportText({});
  const rule = (await app.client.policy.get({})).policy.rules[0];
  if (rule === undefined) throw new Error('the file brought no rule');
  await app.client.policy.updateRule({ ...rule, owner: 'ada' });
  const rules = new RulesScreen(app.page);
  await rules.shell.goTo('Rules');
  await app.page.getByRole('button', { name: 'YAML' }).click();
  const dialog = rules.shell.dialog('Policy as a file');
  await dialog.getByLabel('Policy file').fill(text.replace('[tcp/1]', '[tcp/2]'));
  await expect(dialog.getByTestId('file-issues')).toContainText('owner ada');
  await dialog.getByRole('button', { name: /The draft changed since the export/ }).click();
  await app.page.getByRole('option', { name: 'Both sides’ edits; of what both changed the file’s' }).click();
  await dialog.getByRole('button', { name: 'Make it the draft' }).click();
  await expect(rules.rows('tcp/2')).toHaveCount(1);
});
