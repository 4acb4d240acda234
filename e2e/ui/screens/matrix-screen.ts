import type { Locator, Page } from '@playwright/test';
import { Shell } from './shell.ts';

export class MatrixScreen {
  readonly shell: Shell;
  readonly grid: Locator;
  readonly panel: Locator;

  constructor(page: Page) {
    this.shell = new Shell(page);
    this.grid = page.getByRole('grid', { name: 'Zones by zones' });
    this.panel = page.getByRole('complementary', { name: 'Pair of zones' });
  }

  cell(from: string, to: string): Locator {
    return this.grid.getByRole('button', { name: `${from} to ${to}: ` });
  }

  async show(layer: 'Seen' | 'Live policy' | 'Draft'): Promise<void> {
    await this.shell.page.getByRole('radio', { name: layer }).click();
  }
}
