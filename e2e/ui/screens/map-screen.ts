import type { Locator, Page } from '@playwright/test';
import { Shell } from './shell.ts';

export class MapScreen {
  readonly shell: Shell;
  readonly picture: Locator;
  readonly table: Locator;
  readonly connection: Locator;

  constructor(page: Page) {
    this.shell = new Shell(page);
    this.picture = page.getByRole('img', { name: /^Map of/ });
    this.table = page.getByRole('table', { name: 'Connections' });
    this.connection = page.getByRole('complementary', { name: 'Connection' });
  }

  async drawn(): Promise<void> {
    await this.shell.page.locator('[data-map-ready="true"]').waitFor();
  }
}
