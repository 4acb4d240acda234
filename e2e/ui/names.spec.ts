import { axeFindings } from './axe-findings.ts';
import { expect, test } from './console-test.ts';
import { ObjectsScreen } from './screens/objects-screen.ts';
import { themesInTurn } from './themes.ts';

const NAME = 'deb.example.org';
const any = { kind: 'any' } as const;
const metadata = { as: null, servedBy: null, schedule: null, owner: '', reason: '', ticket: '', reviewOn: null, expiresOn: null };

for (const theme of themesInTurn(13)) {
  test.describe(`in the ${theme} theme`, () => {
    test.use({ theme });
    // Two whole looks by axe, in the first test that builds the page.
    test.slow();

    test('host names are added to an IP list and resolved, and the panel shows who saw what, and what is refused', async ({ live: { app, site } }) => {
      await site.enroll(app.client);
      site.dns.set(NAME, ['198.51.100.7', '10.0.0.5']);
      site.fleet.hosts.find(({ name }) => name === 'web-1')?.answerName(NAME, ['198.51.100.7', '198.51.100.8']);
      const objects = new ObjectsScreen(app.page);
      await objects.shell.goTo('Objects');
      await objects.show('IP lists');
      await app.page.getByRole('button', { name: 'Add IP list', exact: true }).click();
      const dialog = objects.shell.dialog('Add an IP list');
      await dialog.getByLabel('Name', { exact: true }).fill('mirrors');
      await dialog.getByLabel('Host names').fill('*.example.org');
      await expect(dialog).toContainText('is a wildcard');
      await dialog.getByLabel('Host names').fill(`${NAME}\nntp.example.org`);
      await expect(dialog.getByLabel('Days that an answer counts')).toHaveValue('7');
      expect(await axeFindings(app.page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Add to draft' }).click();
      await expect(objects.row(objects.ipLists, 'mirrors')).toContainText(`${NAME}, ntp.example.org`);
      await app.client.policy.addRules({ rules: [{ action: 'allow', from: any, to: { kind: 'iplist', ipList: 'mirrors' }, services: [{ kind: 'any' }], ...metadata }] });

      await objects.ledgerOf(`${NAME}, ntp.example.org`).click();
      const panel = app.page.getByRole('complementary', { name: 'Names of mirrors' });
      await expect(panel.getByRole('region', { name: NAME })).toContainText('Nobody resolved it yet: it matches nobody');
      await panel.getByRole('button', { name: 'Resolve now' }).click();
      const known = panel.getByRole('region', { name: NAME }).getByRole('listitem');
      await expect(known.filter({ hasText: '198.51.100.7' })).toContainText(/in the list.*seen by (this console|web-1)/);
      await expect(known.filter({ hasText: '198.51.100.8' })).toContainText('seen by web-1');
      await expect(known.filter({ hasText: '10.0.0.5' })).toContainText('it is private; if that is right, list its network in nameNetworks');
      await expect(panel.getByRole('region', { name: 'ntp.example.org' })).toContainText('This console, just now: there is no such name');
      expect(await axeFindings(app.page)).toEqual([]);
    });
  });
}
