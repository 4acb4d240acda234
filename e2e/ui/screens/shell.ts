import type { Locator, Page } from '@playwright/test';

/** What is around every screen. */
export class Shell {
  readonly page: Page;
  readonly draftCard: Locator;
  readonly tasks: Locator;

  constructor(page: Page) {
    this.page = page;
    this.draftCard = page.getByRole('region', { name: 'Draft', exact: true });
    this.tasks = page.getByRole('region', { name: 'Commands' });
  }

  async goTo(screen: string): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: screen }).click();
    await this.heading(screen).waitFor();
  }

  heading(name: string): Locator {
    return this.page.getByRole('heading', { level: 1, name });
  }

  dialog(name: string | RegExp): Locator {
    return this.page.getByRole('dialog', { name });
  }

  /** Chooses from the `⋯` menu of a row. */
  async chooseAction(of: string, action: string): Promise<void> {
    await this.page.getByRole('button', { name: `Actions for ${of}` }).click();
    // From its beginning: “Install agent” is in “Uninstall agent …”, too.
    await this.page.getByRole('menuitem', { name: new RegExp(`^${action.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}`) }).click();
  }

  /** Waits until nothing on the screen loads any more. */
  async settled(): Promise<void> {
    await this.page.getByRole('heading', { level: 1 }).waitFor();
    await this.page.waitForFunction(() => document.querySelector('[data-loading]') === null);
  }
}
