import { expect, test } from './console-test.ts';
import type { LiveSite } from './fixtures/live-site.ts';
import { HostsScreen } from './screens/hosts-screen.ts';

const machine = ({ site }: { readonly site: LiveSite }, name: string) => {
  const found = site.fleet.hosts.find((host) => host.name === name);
  if (found === undefined) throw new Error(`the site has no ${name}`);
  return found;
};

test('two hosts of one machine id are shown as clones in the table, on both pages and in the overview', async ({ live }) => {
  const { app, site } = live;
  for (const name of ['web-1', 'db-1']) machine(live, name).becomes({ machineId: 'a'.repeat(32) });
  await site.enroll(app.client);
  const hosts = new HostsScreen(app.page);
  await hosts.shell.goTo('Hosts');
  await expect(hosts.row('web-1')).toContainText('It has the machine id of db-1');
  await hosts.row('db-1').getByRole('link', { name: 'db-1', exact: true }).click();
  await expect(app.page.getByText(/It has the machine id of web-1 \(aaaaaaaaaaaa\).*systemd-machine-id-setup/)).toBeVisible();
  await hosts.shell.goTo('Overview');
  await expect(app.page.getByRole('region', { name: 'Needs attention' })).toContainText('2 hosts are clones, or have one');
});

test('a host that was made anew is installed only once somebody accepted the machine, and its page keeps which it was', async ({ live }) => {
  const { app, site } = live;
  await site.enroll(app.client);
  machine(live, 'db-1').makeAnew();
  const hosts = new HostsScreen(app.page);
  await hosts.shell.goTo('Hosts');
  await hosts.shell.chooseAction('db-1', 'Read state');
  await expect(hosts.row('db-1')).toContainText('the agent is not installed');
  await hosts.shell.chooseAction('db-1', 'Install agent');
  await expect(hosts.row('db-1')).toContainText('another machine answers there than before');
  await hosts.shell.goTo('Overview');
  await app.page.getByRole('region', { name: 'Needs attention' }).getByRole('link', { name: /1 host was made anew, or lost its agent/ }).click();
  await expect(app.page.getByText(/Another machine answers there since .* Nothing is taken from it/)).toBeVisible();
  await hosts.shell.chooseAction('db-1', 'Compare key');
  const dialog = hosts.shell.dialog('Host key of db-1');
  await expect(dialog).toContainText('Another machine answers there than before');
  await expect(dialog.getByRole('button', { name: 'Accept this machine' })).toBeDisabled();
  await dialog.getByText('I compared the fingerprint').click();
  await dialog.getByRole('button', { name: 'Accept this machine' }).click();
  await expect(hosts.shell.tasks.getByRole('article', { name: 'Install agent on db-1' }).last()).toContainText('installed');
  await expect(app.page.getByText(/Another machine answers there since/)).toHaveCount(0);
  await expect(app.page.getByRole('region', { name: 'Facts' })).toContainText('no more');
  await expect(app.page.getByRole('region', { name: 'Timeline' })).toContainText('another machine answered');
});

test('an address that left a host is told on its page with its time, and among its facts', async ({ live }) => {
  const { app, site } = live;
  await site.enroll(app.client);
  machine(live, 'web-1').becomes({ addresses: ['10.77.0.50', 'fd77::12'] });
  const hosts = new HostsScreen(app.page);
  await hosts.shell.goTo('Hosts');
  await hosts.shell.chooseAction('web-1', 'Collect flows');
  await expect(hosts.row('web-1')).toContainText('Its addresses changed: without 10.77.0.12');
  await hosts.row('web-1').getByRole('link', { name: 'web-1', exact: true }).click();
  await expect(app.page.getByText(/without 10\.77\.0\.12 \(last reported .*; new: 10\.77\.0\.50 \(since/)).toBeVisible();
  await expect(app.page.getByRole('region', { name: 'Facts' })).toContainText('10.77.0.12 until');
});
