import type { Locator, Page } from '@playwright/test';
import { Shell } from './shell.ts';

export type TypedHost = { readonly name: string; readonly login: string; readonly labels?: string; readonly keyPath?: string };

export class HostsScreen {
  readonly shell: Shell;
  readonly table: Locator;

  constructor(page: Page) {
    this.shell = new Shell(page);
    this.table = page.getByRole('table', { name: 'Hosts' });
  }

  row(name: string): Locator {
    return this.table.getByRole('row').filter({ has: this.shell.page.getByRole('link', { name, exact: true }) });
  }

  async openAddDialog(): Promise<Locator> {
    await this.shell.page.getByRole('button', { name: 'Add host', exact: true }).click();
    return this.shell.dialog('Add a host');
  }

  /** Fills the dialog; nothing is pressed. Root login, so that no sudo is needed. */
  async type(dialog: Locator, host: TypedHost): Promise<void> {
    await dialog.getByLabel('Name').fill(host.name);
    await dialog.getByLabel('SSH login').fill(host.login);
    if (host.labels !== undefined) await dialog.getByLabel('Labels').fill(host.labels);
    if (host.keyPath === undefined) return;
    await this.choose(dialog, 'Identity', 'Key file');
    await dialog.getByRole('textbox', { name: 'Key file' }).fill(host.keyPath);
    await this.choose(dialog, 'Root rights', 'Not needed: the login is root');
  }

  private async choose(dialog: Locator, label: string, option: string): Promise<void> {
    await dialog.getByRole('button', { name: label }).click();
    await this.shell.page.getByRole('option', { name: option }).click();
  }
}
