import { expect, test } from './console-test.ts';
import { HostsScreen } from './screens/hosts-screen.ts';

test('an empty workspace says what to do first, and bad input gets sentences beside its fields', async ({ empty }) => {
  const hosts = new HostsScreen(empty.page);
  await hosts.shell.goTo('Hosts');
  await expect(empty.page.getByRole('heading', { name: 'No hosts yet' })).toBeVisible();
  const dialog = await hosts.openAddDialog();
  await hosts.type(dialog, { name: '-web', login: '10.0.0.7', labels: 'web' });
  await dialog.getByRole('button', { name: 'Add host', exact: true }).click();
  await expect(dialog).toContainText('a host name starts with a letter or digit');
  await expect(dialog).toContainText('names no login user');
  await expect(dialog).toContainText('is not a label; write key=value');
  await dialog.getByLabel('SSH login').fill('root@10.0.0.7:70000');
  await expect(dialog).toContainText('port 70000 does not exist');
  expect(await empty.client.hosts.list({})).toEqual([]);
});

test('a second host at the same address is refused with a sentence, and nothing is stored', async ({ live: { app, site } }) => {
  await site.enroll(app.client);
  const hosts = new HostsScreen(app.page);
  await hosts.shell.goTo('Hosts');
  const dialog = await hosts.openAddDialog();
  await hosts.type(dialog, { name: 'web-1', login: site.login('web-1') });
  await expect(dialog).toContainText('there is already a host “web-1”');
  await dialog.getByLabel('Name').fill('web-9');
  await dialog.getByRole('button', { name: 'Add host', exact: true }).click();
  await expect(dialog.getByRole('alert')).toContainText('is already the address of host “web-1”');
  expect((await app.client.hosts.list({})).map((host) => host.name)).toEqual(['db-1', 'web-1']);
});

test('a host is added, its key compared and trusted, its agent installed and its labels changed', async ({ live: { app, site } }) => {
  const hosts = new HostsScreen(app.page);
  await hosts.shell.goTo('Hosts');
  const dialog = await hosts.openAddDialog();
  await hosts.type(dialog, { name: 'web-1', login: site.login('web-1'), labels: 'role=web app=shop', keyPath: site.sshKeyPath });
  await dialog.getByRole('button', { name: 'Add host', exact: true }).click();
  const keyDialog = hosts.shell.dialog('Host key of web-1');
  const fingerprint = site.fleet.hosts.find((host) => host.name === 'web-1')?.hostKey.fingerprint ?? 'none';
  await expect(keyDialog.locator('code')).toHaveText(fingerprint);
  await expect(keyDialog.getByRole('button', { name: 'Trust this key' })).toBeDisabled();
  await keyDialog.getByText('I compared the fingerprint').click();
  await keyDialog.getByRole('button', { name: 'Trust this key' }).click();
  await expect(hosts.shell.tasks.getByRole('article', { name: 'Install agent on web-1' })).toContainText('installed');
  await expect(hosts.row('web-1')).toContainText('In sync');
  await hosts.shell.chooseAction('web-1', 'Edit labels');
  const labels = hosts.shell.dialog('Labels of web-1');
  await labels.getByLabel('Labels').fill('role=web app=shop env=prod');
  await labels.getByRole('button', { name: 'Save labels' }).click();
  await expect(hosts.row('web-1')).toContainText('prod');
});

test('a host that does not answer is named with what to check', async ({ live: { app, site } }) => {
  await site.enroll(app.client);
  site.fleet.hosts.find((host) => host.name === 'db-1')?.setCable('out');
  const hosts = new HostsScreen(app.page);
  await hosts.shell.goTo('Hosts');
  await hosts.shell.chooseAction('db-1', 'Collect flows');
  const task = hosts.shell.tasks.getByRole('article', { name: 'Collect from db-1' });
  await expect(task).toContainText('db-1:', { timeout: 30_000 });
  await expect(task).toContainText('0 of 1 host done', { timeout: 30_000 });
});

test('the page of a host shows its state, what listens and the nft text', async ({ seeded }) => {
  const hosts = new HostsScreen(seeded.page);
  await hosts.shell.goTo('Hosts');
  await hosts.row('crm-app-1').getByRole('link', { name: 'crm-app-1' }).click();
  await expect(seeded.page.getByText('Somebody changed or flushed its rules')).toBeVisible();
  await expect(seeded.page.getByRole('region', { name: 'Listening services' }).getByRole('row')).not.toHaveCount(0);
  await expect(seeded.page.getByRole('region', { name: 'nft text' }).first()).toContainText('table inet firebreak');
});

test('the page of a host says how complete its record is, what the agent takes, what happened and what nobody ever used', async ({ seeded: { page } }) => {
  const hosts = new HostsScreen(page);
  await hosts.shell.goTo('Hosts');
  await hosts.row('lb-1').getByRole('link', { name: 'lb-1', exact: true }).click();
  const quality = page.getByRole('region', { name: 'Quality of the record' });
  await expect(quality.getByRole('img')).toHaveAttribute('aria-label', /recorded without loss; 1 hour with loss/);
  await expect(quality.getByRole('table', { name: 'Hours with a remark' })).toContainText('412');
  await quality.getByRole('radio', { name: '30 days' }).click();
  await expect(quality.getByRole('img')).toBeVisible();
  const footprint = page.getByRole('region', { name: 'Footprint' });
  await expect(footprint).toContainText('within the limit of 1 %');
  await expect(footprint.getByRole('table')).toContainText('collect');
  await expect(page.getByRole('region', { name: 'Timeline' })).toContainText('confirmed');
  const listening = page.getByRole('region', { name: 'Listening services' });
  await expect(listening.getByRole('row', { name: 'tcp/80' })).toContainText('never');
  await expect(listening.getByRole('row', { name: 'tcp/443' })).toContainText('peers');
});

test('what the rules of a host add to a connect is measured when asked, and said beside its limit', async ({ live: { app, site } }) => {
  await site.enroll(app.client);
  const hosts = new HostsScreen(app.page);
  await hosts.shell.goTo('Hosts');
  await hosts.row('web-1').getByRole('link', { name: 'web-1', exact: true }).click();
  const footprint = app.page.getByRole('region', { name: 'Footprint' });
  await expect(footprint).toContainText('not measured');
  await footprint.getByRole('button', { name: 'Measure latency' }).click();
  await expect(footprint).toContainText('p50 3 µs, p99 21 µs a connect');
  await expect(footprint).toContainText('within the limit of 2 ms');
});
