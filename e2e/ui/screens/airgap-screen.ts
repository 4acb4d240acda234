import type { Locator, Page } from '@playwright/test';
import { Shell } from './shell.ts';

/** Hosts that no cable reaches, and audits of files. */
export class AirgapScreen {
  readonly page: Page;
  readonly shell: Shell;
  readonly sites: Locator;
  readonly kits: Locator;
  readonly lastImport: Locator;
  readonly findings: Locator;

  constructor(page: Page) {
    this.page = page;
    this.shell = new Shell(page);
    this.sites = page.getByRole('list', { name: 'Air-gapped hosts' }).getByRole('listitem').filter({ has: page.getByRole('heading', { level: 2 }) });
    this.kits = page.getByRole('region', { name: 'Sticks' });
    this.lastImport = page.getByRole('region', { name: 'Last import' });
    this.findings = page.getByRole('region', { name: 'Findings' });
  }

  async open(search = ''): Promise<void> {
    await this.page.goto(`${new URL(this.page.url()).origin}/#/air-gapped${search === '' ? '' : `?${search}`}`);
    await this.shell.heading('Air-gapped').waitFor();
    await this.shell.settled();
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** A station of a host's round trip. */
  station(host: string, title: string): Locator {
    return this.page
      .getByRole('list', { name: `Round trip of ${host}`, exact: true })
      .getByRole('listitem')
      .filter({ has: this.page.getByRole('heading', { name: title }) });
  }

  /** Opens a dialog of this screen, types a path and looks at what is there. */
  async lookAt(button: string, field: string, path: string): Promise<Locator> {
    await this.button(button).click();
    const dialog = this.shell.dialog(button);
    await dialog.getByRole('textbox', { name: field }).fill(path);
    await dialog.getByRole('button', { name: 'Look at them' }).click();
    return dialog;
  }

  /** A kind of finding of the audit, opened if it is not. */
  async showFindings(title: string | RegExp): Promise<void> {
    const kind = this.findings.getByRole('group').filter({ hasText: title });
    if ((await kind.getAttribute('open')) === null) await kind.getByText(title).first().click();
  }

  /** In the audit: adds what is read by its path. */
  async add(button: string, dialogTitle: string, field: string, path: string): Promise<void> {
    await this.button(button).click();
    const dialog = this.shell.dialog(dialogTitle);
    await dialog.getByRole('textbox', { name: field }).fill(path);
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
  }
}
