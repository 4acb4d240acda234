import type { Locator, Page } from '@playwright/test';
import { Shell } from './shell.ts';

export class MapScreen {
  readonly shell: Shell;
  readonly picture: Locator;
  readonly table: Locator;
  readonly connection: Locator;
  readonly node: Locator;
  readonly group: Locator;
  readonly selection: Locator;
  readonly find: Locator;

  constructor(page: Page) {
    this.shell = new Shell(page);
    this.picture = page.getByRole('img', { name: /^Map of/ });
    this.table = page.getByRole('table', { name: 'Connections' });
    this.connection = page.getByRole('complementary', { name: 'Connection' });
    this.node = page.getByRole('complementary', { name: 'Node' });
    this.group = page.getByRole('complementary', { name: 'Group' });
    this.selection = page.getByRole('complementary', { name: 'Selection' });
    this.find = page.getByRole('combobox', { name: 'Find on the map' });
  }

  async drawn(): Promise<void> {
    await this.shell.page.locator('[data-map-ready="true"]').waitFor();
  }

  /** `Live` or `Draft`, `Zones` to `Hosts`, `Picture` or `Table`. */
  choice(name: string): Locator {
    return this.shell.page.getByRole('radio', { name, exact: true });
  }

  /** The picture says how much it shows. */
  showing(nodes: number): Locator {
    return this.shell.page.getByRole('img', { name: new RegExp(`^Map of ${nodes} hosts, groups and peers`) });
  }

  /** The row of the table whose ends are these. */
  row(from: string, to: string): Locator {
    return this.table.getByRole('row').filter({ has: this.shell.page.getByRole('button', { name: `Details of ${from} to ${to}`, exact: true }) });
  }
}
