import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** React Aria says there, for seven seconds, that a button is busy or no longer so; by then the button that it points at may be gone with its dialog. */
const SPOKEN = '[data-live-announcer]';

/** Every finding of WCAG 2.0 and 2.1, levels A and AA, on the page as it is now, as `rule: elements`. */
export async function axeFindings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']).exclude(SPOKEN).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(' | ')}`);
}
