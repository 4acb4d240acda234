import type { FrameLocator, Locator, Page } from '@playwright/test';
import { Shell } from './shell.ts';

/** Kinds of report on the left, the preview beside them. */
export class ReportsScreen {
  readonly shell: Shell;
  readonly page: Page;

  constructor(page: Page) {
    this.shell = new Shell(page);
    this.page = page;
  }

  async choose(kind: string): Promise<void> {
    await this.page.getByRole('radiogroup', { name: 'Report' }).getByText(kind).first().click();
  }

  preview(kind: string): FrameLocator {
    return this.page.frameLocator(`iframe[title="Preview: ${kind}"]`);
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name });
  }
}
