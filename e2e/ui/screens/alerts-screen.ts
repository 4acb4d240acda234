import type { Locator, Page } from '@playwright/test';
import { Shell } from './shell.ts';

export class AlertsScreen {
  readonly shell: Shell;
  readonly table: Locator;
  readonly panel: Locator;

  constructor(page: Page) {
    this.shell = new Shell(page);
    this.table = page.getByRole('table', { name: 'Alerts' });
    this.panel = page.getByRole('complementary', { name: 'Alert' });
  }

  row(title: string | RegExp): Locator {
    return this.table.getByRole('row').filter({ hasText: title });
  }

  async open(title: string | RegExp): Promise<void> {
    await this.table.getByRole('link', { name: title }).first().click();
    await this.panel.getByRole('button', { name: /Acknowledge|Open again/ }).waitFor();
  }

  /** By the drop-down; the column of the same name only sorts. */
  async show(state: string): Promise<void> {
    await this.shell.page.getByRole('button', { name: /. State$/ }).click();
    await this.shell.page.getByRole('option', { name: state }).click();
  }
}
