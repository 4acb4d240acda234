import type { Locator, Page } from '@playwright/test';
import { Shell } from './shell.ts';

export class ReachScreen {
  readonly shell: Shell;
  readonly figures: Locator;
  readonly path: Locator;

  constructor(page: Page) {
    this.shell = new Shell(page);
    this.figures = page.getByRole('region', { name: 'Figures' });
    this.path = page.getByRole('complementary', { name: 'Path' });
  }

  table(name: 'Hosts that are reached' | 'Hosts that reach it'): Locator {
    return this.shell.page.getByRole('table', { name });
  }

  async chooseStart(name: string): Promise<void> {
    await this.shell.page.getByRole('combobox', { name: 'Host or zone' }).fill(name);
    await this.shell.page.getByRole('option', { name, exact: true }).click();
    await this.figures.waitFor();
  }

  async press(name: string): Promise<void> {
    await this.shell.page.getByRole('radio', { name }).click();
  }
}
