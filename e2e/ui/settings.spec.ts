import { axeFindings } from './axe-findings.ts';
import { expect, test } from './console-test.ts';
import { HostsScreen } from './screens/hosts-screen.ts';
import { RulesScreen } from './screens/rules-screen.ts';
import { Shell } from './screens/shell.ts';
import { themesInTurn } from './themes.ts';

test('what a person chose for the window counts at once and is there again after a reload, on the screen that was left', async ({ seeded: { page } }) => {
  const shell = new Shell(page);
  await shell.goTo('Settings');
  const look = page.getByRole('region', { name: 'This window' });
  await look.getByRole('radio', { name: 'High' }).click();
  await look.getByRole('radio', { name: 'Compact' }).click();
  await look.getByRole('radio', { name: 'UTC' }).click();
  await expect(look).toContainText(/Now: .* UTC\./);
  expect(await axeFindings(page)).toEqual([]);
  // As a new start would: without a screen in the address.
  await page.evaluate(() => history.replaceState(null, '', location.pathname));
  await page.reload();
  await expect(shell.heading('Settings')).toBeVisible();
  await expect(look.getByRole('radio', { name: 'High' })).toHaveAttribute('aria-checked', 'true');
  await expect(page.locator('html')).toHaveAttribute('data-density', 'compact');
});

test('the confirm window of the workspace is what a push begins with, and a wrong one is not taken', async ({ seeded: { page, client } }) => {
  const shell = new Shell(page);
  await shell.goTo('Settings');
  const field = page.getByRole('textbox', { name: 'Confirm within (seconds)' });
  await field.fill('4');
  await expect(page.getByText('write whole seconds from 5 to 3600')).toBeVisible();
  await field.fill('90');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect.poll(async () => (await client.workspace.settings({})).confirmWithinSeconds).toBe(90);
  await shell.goTo('Changes');
  await expect(page.getByRole('region', { name: 'Push' }).getByLabel('Confirm within (seconds)')).toHaveValue('90');
});

test('for how long flows are kept is chosen once it was shown what would go; for longer, or all again, is taken at once', async ({ seeded: { page, client } }) => {
  await new Shell(page).goTo('Settings');
  const kept = page.getByRole('radiogroup', { name: 'Flows are kept for' });
  await kept.getByRole('radio', { name: '120 days' }).click();
  const dialog = page.getByRole('dialog', { name: 'Keep flows for 120 days' });
  await expect(dialog).toContainText('Nothing here is that old yet');
  expect(await axeFindings(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  expect((await client.workspace.settings({})).keepFlowDays).toBeNull();
  await kept.getByRole('radio', { name: '120 days' }).click();
  await dialog.getByRole('button', { name: 'Keep for that time' }).click();
  await expect(dialog).toHaveCount(0);
  await expect.poll(async () => (await client.workspace.settings({})).keepFlowDays).toBe(120);
  await kept.getByRole('radio', { name: '1 year' }).click();
  await expect.poll(async () => (await client.workspace.settings({})).keepFlowDays).toBe(365);
});

test('the support file is read before it is saved, and names nobody', async ({ seeded: { page } }) => {
  const shell = new Shell(page);
  await shell.goTo('Settings');
  await page.getByRole('region', { name: 'Support', exact: true }).getByRole('button', { name: 'Look at it …' }).click();
  const dialog = page.getByRole('dialog', { name: 'Support file' });
  const text = dialog.getByRole('region', { name: 'What is in it' });
  await expect(text).toContainText('== Workspace ==');
  await expect(text).not.toContainText('db-1');
  expect(await axeFindings(page)).toEqual([]);
  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save …' }).click();
  expect((await download).suggestedFilename()).toBe('firebreak-support.txt');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
});

test('the filters of the hosts are in the address, so that going back brings them back', async ({ seeded: { page } }) => {
  const hosts = new HostsScreen(page);
  await hosts.shell.goTo('Hosts');
  await page.getByPlaceholder('Filter hosts').fill('role=db');
  await expect(hosts.row('db-1')).toBeVisible();
  await expect(hosts.row('lb-1')).toHaveCount(0);
  await hosts.row('db-1').getByRole('link', { name: 'db-1', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Timeline' }).getByRole('row')).not.toHaveCount(0);
  const text = page.getByRole('region', { name: 'nft text' }).first();
  await text.getByRole('radio', { name: 'Side by side' }).click();
  await expect(text).toContainText('Compiled from the draft');
  await page.goBack();
  await expect(page.getByPlaceholder('Filter hosts')).toHaveValue('role=db');
  await expect(hosts.row('lb-1')).toHaveCount(0);
});

for (const theme of themesInTurn(21)) {
  test.describe(`thresholds in the ${theme} theme`, () => {
    test.use({ theme });

    test('a limit of the footprint is changed in the settings, a wrong one is not taken, and a host is told against it', async ({ seeded: { page, client } }) => {
      const shell = new Shell(page);
      await shell.goTo('Settings');
      const card = page.getByRole('region', { name: 'Thresholds of alerts' });
      const save = card.getByRole('button', { name: 'Save thresholds' });
      await card.getByRole('textbox', { name: 'Footprint: % of one CPU' }).fill('0');
      await expect(card.getByText('write more than 0 and at most 100 % of one CPU')).toBeVisible();
      await expect(save).toBeDisabled();
      expect(await axeFindings(page)).toEqual([]);
      await card.getByRole('textbox', { name: 'Footprint: % of one CPU' }).fill('0.001');
      await card.getByRole('textbox', { name: 'Footprint: ms added to a connect' }).fill('7.5');
      await card.getByRole('textbox', { name: 'Connection rate: times the busiest hour' }).fill('4');
      await save.click();
      await expect.poll(async () => await client.alerts.settings({})).toMatchObject({ cpuPercent: 0.001, addedLatencyMs: 7.5, rateFactor: 4 });
      const footprint = await client.hosts.footprint({ name: 'db-1' });
      expect(footprint.limits).toEqual({ cpuPercent: 0.001, addedLatencyMs: 7.5, storedMegabytes: 256 });
    });
  });
}

test('the filter and the panel of the rules are in the address: a reload and going back keep them', async ({ seeded: { page } }) => {
  const rules = new RulesScreen(page);
  await rules.shell.goTo('Rules');
  await expect(rules.rows('tcp/8080').first()).toBeVisible();
  await page.getByPlaceholder('Filter rules').fill('postgres');
  await expect(rules.rows('postgres').first()).toBeVisible();
  await expect(rules.rows('tcp/8080')).toHaveCount(0);
  await page.getByRole('button', { name: 'Findings', exact: true }).click();
  await expect(rules.findings).toBeVisible();
  await page.reload();
  await expect(page.getByPlaceholder('Filter rules')).toHaveValue('postgres');
  await expect(rules.findings).toBeVisible();
  await expect(rules.rows('tcp/8080')).toHaveCount(0);
  await page.goBack();
  await expect(rules.findings).toHaveCount(0);
  await expect(page.getByPlaceholder('Filter rules')).toHaveValue('postgres');
  await rules.shell.goTo('Zones');
  await page.goBack();
  await expect(page.getByPlaceholder('Filter rules')).toHaveValue('postgres');
});

test('nobody is asked for new versions until a person says whom and by whose key; what does not look like that is not taken', async ({ seeded: { page, client } }) => {
  const shell = new Shell(page);
  await shell.goTo('Settings');
  const card = page.getByRole('region', { name: 'Updates' });
  await expect(card).toContainText('You ask nobody for newer ones.');
  await card.getByRole('textbox', { name: 'Where releases are listed' }).fill('http://localhost:1/release.json');
  await card.getByRole('button', { name: 'Turn on' }).click();
  await expect(card).toContainText('an address such as https://');
  expect((await client.updates.source({})).source).toBeNull();
  await card.getByRole('textbox', { name: 'Where releases are listed' }).fill('https://localhost:1/release.json');
  await card.getByRole('textbox', { name: 'Key that signs them' }).fill('ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA5l4rPfMFpdH3AhGvS0pD3RlyUxel9mLm0GFhPXBgxJ releases');
  await card.getByRole('button', { name: 'Turn on' }).click();
  await expect(card).toContainText('SHA256:');
  expect(await axeFindings(page)).toEqual([]);
  await card.getByRole('button', { name: 'Check now' }).click();
  await expect(card.getByRole('alert')).toContainText('https://localhost:1/release.json could not be fetched');
  await card.getByRole('button', { name: 'Turn off' }).click();
  await expect(card).toContainText('You ask nobody for newer ones.');
});

for (const theme of themesInTurn(22)) {
  test.describe(`collecting by itself in the ${theme} theme`, () => {
    test.use({ theme });

    test('an open window collects as often as the settings say, and tells when it last did, who answered and when it goes on', async ({ live: { app, site } }, testInfo) => {
      await site.enroll(app.client);
      await site.fleet.hosts.find(({ name }) => name === 'db-1')?.setPower('off');
      await new Shell(app.page).goTo('Settings');
      const card = app.page.getByRole('region', { name: 'This workspace' });
      const rounds = card.getByRole('status', { name: 'Rounds of collecting' });
      await expect(rounds).toHaveText('Hosts are asked only when somebody says so.');
      await card.getByRole('radio', { name: '15 minutes' }).click();
      await expect(rounds).toContainText('Last round just now: 1 of 2 hosts answered. Failed: db-1.');
      await expect(rounds).toContainText('The next one begins in 14 min.');
      await rounds.scrollIntoViewIfNeeded();
      await app.page.screenshot({ path: testInfo.outputPath('collecting.png') });
      expect(await axeFindings(app.page)).toEqual([]);
      await card.getByRole('radio', { name: 'Off' }).click();
      await expect(rounds).not.toContainText('The next one');
      expect((await app.client.workspace.settings({})).collectEveryMinutes).toBeNull();
    });
  });
}
