import type { Locator, Page } from '@playwright/test';
import { Shell } from './shell.ts';

export class ChangesScreen {
  readonly shell: Shell;
  readonly impact: Locator;
  readonly sessions: Locator;
  readonly hosts: Locator;
  readonly policy: Locator;
  readonly progress: Locator;
  readonly pushButton: Locator;
  readonly history: Locator;
  readonly versions: Locator;

  constructor(page: Page) {
    this.shell = new Shell(page);
    this.impact = page.getByRole('region', { name: 'Seen flows that change' });
    this.sessions = page.getByRole('region', { name: 'Live connections that get forbidden' });
    this.hosts = page.getByRole('region', { name: 'Hosts that change' });
    this.policy = page.getByRole('region', { name: 'Policy changes' });
    this.progress = page.getByRole('region', { name: 'Push in progress' });
    this.pushButton = page.getByRole('button', { name: /^Push to \d+ hosts?$/ });
    this.history = page.getByRole('region', { name: 'History' });
    this.versions = page.getByRole('region', { name: 'Versions' });
  }

  track(host: string): Locator {
    return this.progress.getByRole('listitem').filter({ hasText: host });
  }

  /** Opens one host's rows. */
  async openHost(name: string): Promise<Locator> {
    const item = this.hosts.getByRole('listitem').filter({ has: this.shell.page.getByRole('button', { name }) });
    await item.getByRole('button', { name }).click();
    return item;
  }
}
