import { create } from 'zustand';

/** `system` follows the desktop. Stored in this window's own storage; it is no workspace data. */
export type Theme = 'system' | 'light' | 'dark';
const STORAGE_KEY = 'firebreak.theme';

export function storedTheme(): Theme {
  const stored = localStorage.getItem(STORAGE_KEY);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

/** Puts the theme on the document; the colours follow by `color-scheme` (tokens.css). */
export function showTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

const systemDark = matchMedia('(prefers-color-scheme: dark)');
const isDark = (theme: Theme): boolean => (theme === 'system' ? systemDark.matches : theme === 'dark');

type ThemeState = { readonly theme: Theme; readonly isDark: boolean; readonly choose: (theme: Theme) => void };

export const useTheme = create<ThemeState>()((set) => ({
  theme: storedTheme(),
  isDark: isDark(storedTheme()),
  choose: (theme) => {
    localStorage.setItem(STORAGE_KEY, theme);
    showTheme(theme);
    set({ theme, isDark: isDark(theme) });
  },
}));

systemDark.addEventListener('change', () => useTheme.setState(({ theme }) => ({ isDark: isDark(theme) })));
