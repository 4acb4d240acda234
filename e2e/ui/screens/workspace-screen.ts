import type { Locator, Page } from '@playwright/test';
import { Shell } from './shell.ts';

export class WorkspaceScreen {
  readonly shell: Shell;
  readonly facts: Locator;
  readonly recent: Locator;
  readonly held: Locator;

  constructor(page: Page) {
    this.shell = new Shell(page);
    this.facts = page.getByRole('region', { name: 'This workspace' });
    this.recent = page.getByRole('region', { name: 'Recent workspaces' });
    this.held = page.getByRole('region', { name: 'Read-only' });
  }

  /** Through the workspace's name in the frame. */
  async open(name: string): Promise<void> {
    await this.shell.page.getByRole('link', { name: new RegExp(`^Workspace ${name}`) }).click();
    await this.facts.waitFor();
  }

  button(name: string): Locator {
    return this.shell.page.getByRole('button', { name, exact: true });
  }
}

export class WelcomeScreen {
  readonly shell: Shell;
  readonly heading: Locator;

  constructor(page: Page) {
    this.shell = new Shell(page);
    this.heading = page.getByRole('heading', { level: 1, name: 'Welcome to Firebreak' });
  }

  door(title: string): Locator {
    return this.shell.page.getByRole('region', { name: title });
  }
}
