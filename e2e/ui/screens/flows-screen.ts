import type { Locator, Page } from '@playwright/test';
import { Shell } from './shell.ts';

/** The list of flows with its filters, views and selection. */
export class FlowsScreen {
  readonly page: Page;
  readonly shell: Shell;
  readonly table: Locator;
  /** The first is the head. */
  readonly rows: Locator;
  readonly selection: Locator;

  constructor(page: Page) {
    this.page = page;
    this.shell = new Shell(page);
    this.table = page.getByRole('table', { name: 'Flows' });
    this.rows = this.table.getByRole('row');
    this.selection = page.getByRole('toolbar', { name: 'Selected flows' });
  }

  /** With filters as they stand in the address. */
  async open(search = ''): Promise<void> {
    await this.page.goto(`${new URL(this.page.url()).origin}/#/flows${search === '' ? '' : `?${search}`}`);
    await this.shell.heading('Flows').waitFor();
    await this.shell.settled();
  }

  async filterColumn(column: string, text: string): Promise<void> {
    await this.page.getByRole('button', { name: `Filter by ${column}` }).click();
    const dialog = this.shell.dialog(`Filter by ${column}`);
    await dialog.getByRole('textbox', { name: column }).fill(text);
    await dialog.getByRole('button', { name: 'Filter', exact: true }).click();
  }

  async chooseRow(row: number): Promise<void> {
    // The box itself is drawn beside the input, which takes no pointer.
    await this.rows.nth(row).getByRole('checkbox').click({ force: true });
  }

  async saveView(name: string): Promise<void> {
    await this.openView('Save or remove views …');
    const dialog = this.shell.dialog('Saved views');
    await dialog.getByRole('textbox', { name: 'Name for what is shown now' }).fill(name);
    await dialog.getByRole('button', { name: 'Save view' }).click();
    await dialog.waitFor({ state: 'detached' });
  }

  async openView(name: string): Promise<void> {
    await this.page.getByRole('button', { name: /^Saved views/ }).click();
    await this.page.getByRole('menuitem', { name }).click();
  }

  /** As far as rows were read. */
  async scrollToEnd(): Promise<void> {
    await this.table.focus();
    await this.page.keyboard.press('End');
  }
}
