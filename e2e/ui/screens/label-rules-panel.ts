import type { Locator, Page } from '@playwright/test';
import { Shell } from './shell.ts';

/** Beside the list of hosts. */
export class LabelRulesPanel {
  readonly shell: Shell;
  readonly panel: Locator;

  constructor(page: Page) {
    this.shell = new Shell(page);
    this.panel = page.getByRole('complementary', { name: 'Label rules' });
  }

  async open(): Promise<void> {
    await this.shell.page.getByRole('button', { name: 'Label rules', exact: true }).click();
    await this.panel.waitFor();
  }

  async openForm(): Promise<Locator> {
    await this.panel.getByRole('button', { name: 'Add label rule' }).click();
    return this.shell.dialog('Add a label rule');
  }

  rule(number: number): Locator {
    return this.panel.getByRole('listitem', { name: `Label rule ${number}`, exact: true });
  }
}
