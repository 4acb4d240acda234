import { Moon, Sun, SunMoon } from 'lucide-react';
import { IconButton } from '../../ui/Button.tsx';
import { type Theme, useTheme } from '../../ui/theme.ts';

const next: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };
const icons = { system: SunMoon, light: Sun, dark: Moon };
const words: Record<Theme, string> = { system: 'Theme: as the system', light: 'Theme: light', dark: 'Theme: dark' };

/** One button through system → light → dark. */
export function ThemeToggle() {
  const { theme, choose } = useTheme();
  return <IconButton label={words[theme]} icon={icons[theme]} onPress={() => choose(next[theme])} />;
}
