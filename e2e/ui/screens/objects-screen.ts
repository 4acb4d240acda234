import type { Locator, Page } from '@playwright/test';
import { Shell } from './shell.ts';

export class ObjectsScreen {
  readonly shell: Shell;
  readonly services: Locator;
  readonly ipLists: Locator;

  constructor(page: Page) {
    this.shell = new Shell(page);
    this.services = page.getByRole('table', { name: 'Services' });
    this.ipLists = page.getByRole('table', { name: 'IP lists' });
  }

  async show(kind: 'Services' | 'IP lists'): Promise<void> {
    await this.shell.page.getByRole('radio', { name: kind }).click();
  }

  /** Opens who resolved the names of a list. */
  ledgerOf(names: string): Locator {
    return this.ipLists.getByRole('button', { name: names });
  }

  row(table: Locator, text: string): Locator {
    return table.getByRole('row').filter({ hasText: text });
  }
}
