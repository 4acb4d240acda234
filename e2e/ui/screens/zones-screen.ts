import type { Locator, Page } from '@playwright/test';
import { Shell } from './shell.ts';

export class ZonesScreen {
  readonly shell: Shell;
  readonly list: Locator;

  constructor(page: Page) {
    this.shell = new Shell(page);
    this.list = page.getByRole('list', { name: 'Zones in order' });
  }

  zone(name: string): Locator {
    return this.list.getByRole('listitem', { name, exact: true });
  }

  async add(name: string, selector: string): Promise<void> {
    await this.shell.page.getByRole('button', { name: 'Add zone', exact: true }).click();
    const dialog = this.shell.dialog('Add a zone');
    await dialog.getByLabel('Name').fill(name);
    await dialog.getByLabel('Selects hosts with').fill(selector);
    await dialog.getByRole('button', { name: 'Add to draft' }).click();
    await dialog.waitFor({ state: 'detached' });
  }

  /** Asks for a mode and waives, with the reason, every check that stops the move. */
  async move(name: string, mode: 'observe' | 'test' | 'enforce', reason: string): Promise<void> {
    await this.zone(name)
      .getByRole('button', { name: `Move ${name} to ${mode}` })
      .click();
    const dialog = this.shell.dialog(new RegExp(`^Move ${name} from`));
    await dialog.getByRole('button', { name: /move to|Move to/ }).waitFor();
    for (const field of await dialog.getByLabel(/^Waive/).all()) await field.fill(reason);
    await dialog.getByRole('button', { name: new RegExp(`move to ${mode}`, 'i') }).click();
    await dialog.waitFor({ state: 'detached' });
  }
}
