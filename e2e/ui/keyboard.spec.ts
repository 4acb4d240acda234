import { SCREENS } from '../../renderer/routes.ts';
import { expect, test } from './console-test.ts';
import { Shell } from './screens/shell.ts';

test('every screen is reached by g and a letter, and the ten first ones by Alt and a digit', async ({ seeded }) => {
  const shell = new Shell(seeded.page);
  await shell.heading('Overview').waitFor();
  for (const screen of [...SCREENS].reverse()) {
    if (screen.digit === null) continue;
    await seeded.page.keyboard.press(`Alt+${screen.digit}`);
    await expect(shell.heading(screen.title)).toBeVisible();
  }
  for (const screen of [...SCREENS].reverse()) {
    await seeded.page.keyboard.press('g');
    await seeded.page.keyboard.press(screen.goKey);
    await expect(shell.heading(screen.title)).toBeVisible();
  }
});

test('the shortcut sheet opens on ?, and letters typed into a field are only text', async ({ seeded }) => {
  const shell = new Shell(seeded.page);
  await shell.goTo('Hosts');
  await seeded.page.keyboard.press('?');
  await expect(shell.dialog('Keyboard shortcuts')).toBeVisible();
  await seeded.page.keyboard.press('Escape');
  await expect(shell.dialog('Keyboard shortcuts')).toHaveCount(0);
  await seeded.page.keyboard.press('/');
  await seeded.page.keyboard.type('gmail?');
  await expect(seeded.page.getByPlaceholder('Filter hosts')).toHaveValue('gmail?');
  await expect(shell.heading('Hosts')).toBeVisible();
});

test('the first tab stop skips to the content, and the theme goes from system to light to dark', async ({ seeded }) => {
  const shell = new Shell(seeded.page);
  await shell.heading('Overview').waitFor();
  await seeded.page.keyboard.press('Tab');
  await expect(seeded.page.getByRole('button', { name: 'Skip to content' })).toBeFocused();
  await seeded.page.keyboard.press('Enter');
  await expect(seeded.page.getByRole('main')).toBeFocused();
  await seeded.page.getByRole('button', { name: 'Theme: as the system' }).click();
  await seeded.page.getByRole('button', { name: 'Theme: light' }).click();
  await expect(seeded.page.getByRole('button', { name: 'Theme: dark' })).toBeVisible();
  await expect(seeded.page.locator('html')).toHaveCSS('color-scheme', 'dark');
});
