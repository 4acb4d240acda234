import { axeFindings } from './axe-findings.ts';
import { expect, test } from './console-test.ts';
import { HostsScreen } from './screens/hosts-screen.ts';
import { themesInTurn } from './themes.ts';

for (const theme of themesInTurn(16)) {
  test.describe(`device posture in the ${theme} theme`, () => {
    test.use({ theme });

    test('is told part by part on the host’s page, with what rules call it, and axe finds nothing', async ({ live }) => {
      const { app, site } = live;
      const machine = site.fleet.hosts.find((host) => host.name === 'web-1');
      if (machine === undefined) throw new Error('the site has no web-1');
      machine.becomes({ posture: { edr: [], securityUpdates: 3, rebootRequired: true, secureBoot: null } });
      await site.enroll(app.client);
      const hosts = new HostsScreen(app.page);
      await hosts.shell.goTo('Hosts');
      await hosts.row('web-1').getByRole('link', { name: 'web-1', exact: true }).click();
      const card = app.page.getByRole('region', { name: 'Device posture' });
      await expect(card).toContainText('posture.edr=absent');
      await expect(card).toContainText('posture.disk=encrypted');
      await expect(card).toContainText('/ on dm-crypt');
      await expect(card).toContainText('posture.secure-boot=unknown');
      await expect(card).toContainText('3 pending updates by package lists of');
      await expect(card).toContainText('it waits for a reboot');
      await card.scrollIntoViewIfNeeded();
      expect(await axeFindings(app.page)).toEqual([]);
    });
  });
}

test('the hosts screen finds hosts by posture as by labels, and nobody sets it by hand', async ({ seeded }) => {
  const hosts = new HostsScreen(seeded.page);
  await hosts.shell.goTo('Hosts');
  await seeded.page.getByLabel('Filter hosts').fill('posture.edr=present');
  await expect(hosts.row('crm-db-1')).toBeVisible();
  await seeded.page.getByLabel('Filter hosts').fill('posture.edr=absent');
  await expect(hosts.row('crm-db-1')).toHaveCount(0);
  await expect(seeded.client.hosts.label({ name: 'crm-db-1', labels: { 'posture.edr': 'present' } })).rejects.toThrow();
});
