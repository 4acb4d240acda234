import type { Locator, Page } from '@playwright/test';
import { Shell } from './shell.ts';

export class RulesScreen {
  readonly shell: Shell;
  readonly table: Locator;
  /** The same, by what it is. */
  readonly grid: Locator;
  readonly bulk: Locator;
  readonly completions: Locator;
  readonly note: Locator;
  readonly suggestions: Locator;
  readonly findings: Locator;

  constructor(page: Page) {
    this.shell = new Shell(page);
    this.table = page.getByRole('grid', { name: 'Rules' });
    this.grid = this.table;
    this.bulk = page.getByRole('toolbar', { name: 'Selected rules' });
    this.completions = page.getByRole('listbox', { name: /^Completions of/ });
    this.note = page.locator('.cell-note');
    this.suggestions = page.getByRole('complementary', { name: 'Suggestions' });
    this.findings = page.getByRole('complementary', { name: 'Findings' });
  }

  /** Rows that contain all of the texts. */
  rows(...texts: readonly string[]): Locator {
    return texts.reduce((rows, text) => rows.filter({ hasText: text }), this.table.getByRole('row'));
  }

  /** The cell of a rule below the column's head. */
  cell(ruleId: string, column: string): Locator {
    const index = ['Action', 'From', 'To', 'Services', 'Reason', 'Owner', 'Holds', 'Review on', 'Expires'].indexOf(column);
    return this.grid.locator(`[data-cell="${ruleId}:${index}"]`);
  }

  editor(ruleId: string, column: string): Locator {
    return this.grid.getByRole('combobox', { name: `${column} of rule ${ruleId}` });
  }

  /** Opens the editor of a cell, with all that stands there selected. */
  async edit(ruleId: string, column: string): Promise<void> {
    await this.cell(ruleId, column).dblclick();
    await this.editor(ruleId, column).waitFor();
  }
}
