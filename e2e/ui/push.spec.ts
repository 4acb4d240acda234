import { axeFindings } from './axe-findings.ts';
import { expect, test } from './console-test.ts';
import { ChangesScreen } from './screens/changes-screen.ts';
import { ZonesScreen } from './screens/zones-screen.ts';

test('a plan is shown in three layers, pushed with live progress until every host confirmed, and rolled back', async ({ live: { app, site } }) => {
  await site.enroll(app.client);
  const zones = new ZonesScreen(app.page);
  await zones.shell.goTo('Zones');
  await zones.add('shop', 'app=shop');
  await zones.move('shop', 'test', 'two hosts, looked at by hand');
  await zones.shell.draftCard.getByRole('button', { name: 'Review and push' }).click();

  const changes = new ChangesScreen(app.page);
  await expect(changes.policy).toContainText('shop');
  await expect(changes.impact).toContainText('allowed → would block');
  const host = await changes.openHost('db-1');
  await expect(host).toContainText('Test');
  await host.getByRole('button', { name: 'Show nft text' }).click();
  await expect(host.getByRole('region', { name: 'nft text' })).toContainText('added:');

  await app.page.getByLabel('Note').fill('shop to test');
  await changes.pushButton.click();
  for (const name of ['db-1', 'web-1']) await expect(changes.track(name)).toContainText('Confirmed');
  await expect(changes.progress.getByRole('status')).toHaveText('Confirmed');
  await expect(changes.history).toContainText('shop to test');
  await expect(app.page.getByRole('heading', { name: 'Every host runs the draft' })).toBeVisible();
  expect((await app.client.hosts.list({})).map((each) => each.appliedMode)).toEqual(['test', 'test']);

  await changes.history.getByRole('button', { name: 'Roll back' }).click();
  await changes.shell.dialog('Roll back').getByRole('button', { name: 'Roll back now' }).click();
  await expect(changes.progress.getByRole('heading', { name: /^Rollback/ })).toBeVisible();
  for (const name of ['db-1', 'web-1']) await expect(changes.track(name)).toContainText('Confirmed');
  expect((await app.client.hosts.list({})).map((each) => each.appliedMode)).toEqual(['observe', 'observe']);
});

test('hosts go in waves, each once the one before has confirmed; a push that is stopped leaves the others as they are', async ({ live: { app, site } }) => {
  await site.enroll(app.client);
  const settings = await app.client.workspace.settings({});
  await app.client.workspace.saveSettings({ ...settings, wavePauseSeconds: 3600 });
  await app.client.policy.addZone({ name: 'shop', select: { include: [{ terms: [{ key: 'app', op: '=', values: ['shop'] }] }], exclude: [] }, outbound: 'open', note: '' });
  const checks = await app.client.policy.readiness({ name: 'shop', mode: 'test' });
  await app.client.policy.setZoneMode({ name: 'shop', mode: 'test', waivers: checks.filter((check) => check.state === 'blocker').map((check) => ({ check: check.check, reason: 'a test' })) });
  const changes = new ChangesScreen(app.page);
  await changes.shell.goTo('Changes');
  await expect(app.page.getByText('In 2 waves, each once the one before has confirmed: db-1; web-1.')).toBeVisible();
  await app.page.getByLabel('Waves').fill('half');
  await expect(app.page.getByText('“half” is neither a number of hosts (1) nor a share of them (10%)')).toBeVisible();
  await expect(changes.pushButton).toBeDisabled();
  await app.page.getByLabel('Waves').fill('1');

  await changes.pushButton.click();
  await expect(changes.track('db-1')).toContainText('wave 1');
  await expect(changes.track('db-1')).toContainText('Confirmed');
  await expect(changes.track('web-1')).toContainText('Checked');
  await changes.progress.getByRole('button', { name: 'Stop before the next host' }).click();
  await expect(changes.progress.getByRole('status')).toHaveText('Partly confirmed');
  await expect(changes.track('web-1')).toContainText('stopped the push before this host was loaded');
  await changes.pushButton.click();
  await expect(changes.progress.getByRole('status')).toHaveText('Confirmed');
});

test('a plan that would lock the console out is refused in red and cannot be pushed', async ({ live: { app, site } }) => {
  await site.enroll(app.client);
  await app.client.policy.addZone({
    name: 'shop',
    select: { include: [{ terms: [{ key: 'app', op: '=', values: ['shop'] }] }], exclude: [] },
    outbound: 'open',
    note: '',
  });
  const checks = await app.client.policy.readiness({ name: 'shop', mode: 'enforce' });
  await app.client.policy.setZoneMode({
    name: 'shop',
    mode: 'enforce',
    waivers: checks.filter((check) => check.state !== 'ok').map((check) => ({ check: check.check, reason: 'a test' })),
  });
  const rule = {
    action: 'deny' as const,
    from: { kind: 'any' as const },
    to: { kind: 'any' as const },
    services: [{ kind: 'any' as const }],
    owner: '',
    reason: '',
    ticket: '',
    reviewOn: null,
    expiresOn: null,
  };
  await app.client.policy.addRules({ rules: [rule] });
  const changes = new ChangesScreen(app.page);
  await changes.shell.goTo('Changes');
  await expect(app.page.getByRole('alert')).toContainText('This plan cannot be pushed');
  await expect(app.page.getByRole('alert')).toContainText('db-1');
  await expect(changes.pushButton).toBeDisabled();
  // The reason leads to the rule.
  const [{ id } = { id: '' }] = (await app.client.policy.get({})).policy.rules;
  await app.page.getByRole('alert').getByRole('link', { name: id }).first().click();
  await expect(app.page).toHaveURL(new RegExp(`/rules\\?text=${id}`));
});

test('versions are compared and made the draft again', async ({ seeded }) => {
  const changes = new ChangesScreen(seeded.page);
  await changes.shell.goTo('Changes');
  await changes.shell.chooseAction('version 3', 'Compare with the one before');
  await expect(changes.shell.dialog('Version 2 → version 3')).toContainText('shop-data');
  await seeded.page.keyboard.press('Escape');
  await changes.shell.chooseAction('version 1', 'Make it the draft');
  await expect(changes.policy).toContainText('crm');
});

test('zones go one after another in the order that was chosen by the keyboard; without one they take turns', async ({ live: { app, site } }, testInfo) => {
  await site.enroll(app.client);
  for (const role of ['web', 'db']) {
    await app.client.policy.addZone({ name: role, select: { include: [{ terms: [{ key: 'role', op: '=', values: [role] }] }], exclude: [] }, outbound: 'open', note: '' });
    const checks = await app.client.policy.readiness({ name: role, mode: 'test' });
    await app.client.policy.setZoneMode({ name: role, mode: 'test', waivers: checks.filter((check) => check.state === 'blocker').map((check) => ({ check: check.check, reason: 'a test' })) });
  }
  const changes = new ChangesScreen(app.page);
  await changes.shell.goTo('Changes');
  await app.page.getByLabel('Waves').fill('all');
  await expect(app.page.getByText('All 2 hosts at once.')).toBeVisible();
  await expect(app.page.getByText('Zones take turns')).toBeVisible();
  await app.page.getByRole('checkbox', { name: 'One zone after another' }).press('Space');
  const order = app.page.getByRole('list', { name: 'Order of zones' }).getByRole('listitem');
  await expect(order).toHaveText(['1db', '2web']);
  await app.page.getByRole('button', { name: 'Move web up' }).press('Enter');
  await expect(order).toHaveText(['1web', '2db']);
  await expect(app.page.getByText('In 2 waves, each once the one before has confirmed: web-1; db-1.')).toBeVisible();
  await app.page.getByText('One zone after another').scrollIntoViewIfNeeded();
  await app.page.screenshot({ path: testInfo.outputPath('zone-order.png') });
  expect(await axeFindings(app.page)).toEqual([]);
  await changes.pushButton.click();
  await expect(changes.progress.getByRole('status')).toHaveText('Confirmed');
  await expect(changes.track('web-1')).toContainText('wave 1');
  await expect(changes.track('db-1')).toContainText('wave 2');
});
