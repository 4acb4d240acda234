import { ROUTES } from '../../renderer/routes.ts';
import { axeFindings } from './axe-findings.ts';
import { expect, test } from './console-test.ts';
import { Shell } from './screens/shell.ts';

/** In the preview of a report no script runs, axe's neither, which then waits for ever: `reports.spec.ts` asks about that screen, in both themes. */
const pages = [...ROUTES.filter((route) => route.name !== 'reports'), { name: 'host', path: '/hosts/crm-app-1' }];

for (const theme of ['light', 'dark'] as const) {
  test.describe(`in the ${theme} theme`, () => {
    test.use({ theme });

    test(`axe finds nothing on any screen`, async ({ seeded }) => {
      // One console for all: to open one takes longer than to look at a screen.
      test.setTimeout(300_000);
      for (const { name, path } of pages) {
        await seeded.page.evaluate((hash) => {
          location.hash = hash;
        }, path);
        await new Shell(seeded.page).settled();
        if (name === 'map') await seeded.page.locator('[data-map-ready="true"]').waitFor();
        expect.soft(await axeFindings(seeded.page), name).toEqual([]);
      }
    });

    test('axe finds nothing in suggestions and in the maturity of a zone, opened', async ({ seeded }) => {
      const shell = new Shell(seeded.page);
      await shell.goTo('Rules');
      await seeded.page.getByRole('button', { name: 'Suggest from flows' }).first().click();
      await seeded.page.getByText('Whole roles, scans and what is set aside').click();
      await seeded.page.getByText('Flows', { exact: true }).last().click();
      await shell.settled();
      expect(await axeFindings(seeded.page)).toEqual([]);
      await shell.goTo('Zones');
      await seeded.page.getByText(/until the next state|nothing new comes/).first().click();
      expect(await axeFindings(seeded.page)).toEqual([]);
    });

    test('axe finds nothing in the dialogs for hosts, zones, rules and objects', async ({ seeded }) => {
      const shell = new Shell(seeded.page);
      for (const [screen, button] of [
        ['Hosts', 'Add host'],
        ['Zones', 'Add zone'],
        ['Rules', 'Add rule'],
        ['Rules', 'From a template'],
        ['Objects', 'Add service'],
      ] as const) {
        await shell.goTo(screen);
        await seeded.page.getByRole('button', { name: button, exact: true }).click();
        await shell.dialog(/^Add (a|from a)/).waitFor();
        expect(await axeFindings(seeded.page)).toEqual([]);
        await seeded.page.keyboard.press('Escape');
        await shell.dialog(/^Add (a|from a)/).waitFor({ state: 'detached' });
      }
    });
  });
}
