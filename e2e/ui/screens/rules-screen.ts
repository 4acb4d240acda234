import type { Locator, Page } from '@playwright/test';
import { Shell } from './shell.ts';

export class RulesScreen {
  readonly shell: Shell;
  readonly table: Locator;
  readonly suggestions: Locator;

  constructor(page: Page) {
    this.shell = new Shell(page);
    this.table = page.getByRole('table', { name: 'Rules' });
    this.suggestions = page.getByRole('complementary', { name: 'Suggestions' });
  }

  /** Rows that contain all of the texts. */
  rows(...texts: readonly string[]): Locator {
    return texts.reduce((rows, text) => rows.filter({ hasText: text }), this.table.getByRole('row'));
  }
}
