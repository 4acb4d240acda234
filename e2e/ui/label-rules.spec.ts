import { axeFindings } from './axe-findings.ts';
import { expect, test } from './console-test.ts';
import { HostsScreen } from './screens/hosts-screen.ts';
import { LabelRulesPanel } from './screens/label-rules-panel.ts';
import { themesInTurn } from './themes.ts';

for (const theme of themesInTurn(8)) {
  test.describe(`label rules in the ${theme} theme`, () => {
    test.use({ theme });

    test('show what they would do while they are typed, and axe finds nothing in panel, form and the host’s page', async ({ seeded }) => {
      const panel = new LabelRulesPanel(seeded.page);
      await new HostsScreen(seeded.page).shell.goTo('Hosts');
      await panel.open();
      const dialog = await panel.openForm();
      await dialog.getByLabel('Gives labels').fill('team={app} env=dev');
      await expect(dialog).toContainText('there is no name pattern that finds it');
      await dialog.getByLabel('Name fits').fill('{app}-app-#');
      await expect(dialog.getByRole('region', { name: 'Preview' })).toContainText('+team=crm');
      await expect(dialog.getByRole('region', { name: 'Preview' })).toContainText('env stays as it was set by hand on crm-app-1');
      expect(await axeFindings(seeded.page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Add label rule' }).click();
      await expect(panel.rule(1)).toContainText('name {app}-app-#');
      expect(await axeFindings(seeded.page)).toEqual([]);
      await seeded.page.getByRole('link', { name: 'crm-app-1', exact: true }).click();
      const sources = seeded.page.getByRole('region', { name: 'Where its labels come from' });
      await expect(sources.getByRole('row', { name: /team=crm/ })).toContainText('label rule 1: its name fits “{app}-app-#”');
      await expect(sources.getByRole('row', { name: /env=/ })).toContainText('set by hand');
      expect(await axeFindings(seeded.page)).toEqual([]);
    });
  });
}

test('what hosts say waits until somebody has looked at what it changes and accepts it', async ({ seeded }) => {
  const panel = new LabelRulesPanel(seeded.page);
  await new HostsScreen(seeded.page).shell.goTo('Hosts');
  await panel.open();
  const dialog = await panel.openForm();
  await dialog.getByLabel('Gives labels').fill('tier=data');
  await dialog.getByLabel('Says of itself').fill('listens=tcp/5432');
  await expect(dialog).toContainText('I looked: take them at their word');
  await expect(dialog.getByRole('region', { name: 'Preview' })).toContainText('No label changes');
  await dialog.getByRole('button', { name: 'Add label rule' }).click();
  await panel.panel.getByRole('button', { name: /^Accept: crm-db-1 / }).click();
  const accept = panel.shell.dialog('Accept what crm-db-1 says');
  await expect(accept.getByRole('region', { name: 'Preview' })).toContainText('+tier=data');
  expect((await seeded.client.hosts.get({ name: 'crm-db-1' })).labels.tier).toBeUndefined();
  await accept.getByRole('button', { name: 'Accept', exact: true }).click();
  await expect(panel.panel.getByRole('button', { name: /^Accept: crm-db-1 / })).toHaveCount(0);
  expect((await seeded.client.hosts.get({ name: 'crm-db-1' })).labels.tier).toBe('data');
  await panel.panel.getByRole('button', { name: 'Accept all 2 of label rule 1 …' }).click();
  await panel.shell.dialog('Accept what 2 hosts say').getByRole('button', { name: 'Accept', exact: true }).click();
  await expect(panel.rule(1)).toContainText('counts on 3 hosts');
  await expect(panel.panel).not.toContainText('Waiting for your look');
});

test('rules change places by keyboard, are changed and removed, each with its preview', async ({ seeded }) => {
  for (const [names, role] of [['crm-*', 'a'], ['*-app-*', 'b']] as const)
    await seeded.client.labelRules.apply({ kind: 'put', id: null, rule: { names: [names], networks: null, facts: null, labels: { squad: role }, note: '' }, position: null, accept: [] });
  const panel = new LabelRulesPanel(seeded.page);
  await new HostsScreen(seeded.page).shell.goTo('Hosts');
  await panel.open();
  await panel.panel.getByRole('button', { name: 'Move label rule 2 up' }).focus();
  await seeded.page.keyboard.press('Enter');
  await expect(panel.rule(1)).toContainText('squad=b');
  expect((await seeded.client.hosts.get({ name: 'crm-app-1' })).labels.squad).toBe('b');
  await panel.shell.chooseAction('label rule 1', 'Edit …');
  const dialog = panel.shell.dialog('Change label rule 1');
  await dialog.getByLabel('Gives labels').fill('squad=c');
  await expect(dialog.getByRole('region', { name: 'Preview' })).toContainText('squad=b → c');
  await dialog.getByRole('button', { name: 'Save label rule' }).click();
  await expect(panel.rule(1)).toContainText('squad=c');
  await panel.shell.chooseAction('label rule 1', 'Remove …');
  const removal = panel.shell.dialog('Remove label rule 1');
  await expect(removal.getByRole('region', { name: 'Preview' })).toContainText('squad=c → a');
  await removal.getByRole('button', { name: 'Remove label rule' }).click();
  await expect(panel.rule(1)).toContainText('squad=a');
});
