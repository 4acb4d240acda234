import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { ROUTES } from '../../renderer/routes.ts';
import { expect, test } from './console-test.ts';
import { Shell } from './screens/shell.ts';

const pages = [...ROUTES, { name: 'host', path: '/hosts/crm-app-1' }];

/** Every finding of WCAG 2.0 and 2.1, levels A and AA, as `rule: elements`. */
async function findings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']).analyze();
  return violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.target.join(' ')).join(' | ')}`);
}

for (const theme of ['light', 'dark'] as const) {
  test.describe(`in the ${theme} theme`, () => {
    test.use({ theme });

    for (const { name, path } of pages) {
      test(`axe finds nothing on ${name}`, async ({ seeded }) => {
        await seeded.page.evaluate((hash) => {
          location.hash = hash;
        }, path);
        await new Shell(seeded.page).settled();
        if (name === 'map') await seeded.page.locator('[data-map-ready="true"]').waitFor();
        expect(await findings(seeded.page)).toEqual([]);
      });
    }

    test('axe finds nothing in the dialogs for hosts, zones and rules', async ({ seeded }) => {
      const shell = new Shell(seeded.page);
      for (const [screen, button] of [
        ['Hosts', 'Add host'],
        ['Zones', 'Add zone'],
        ['Rules', 'Add rule'],
      ] as const) {
        await shell.goTo(screen);
        await seeded.page.getByRole('button', { name: button }).click();
        await shell.dialog(/^Add a/).waitFor();
        expect(await findings(seeded.page)).toEqual([]);
        await seeded.page.keyboard.press('Escape');
        await shell.dialog(/^Add a/).waitFor({ state: 'detached' });
      }
    });
  });
}
