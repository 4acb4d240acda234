import { FirebreakError } from '../../shared/errors.ts';

/** `web=role=frontend`: the name ends at the first `=`. A parameter twice is an error, because one of the two would be lost. */
export function parseSettings(words: readonly string[]): Record<string, string> {
  const settings = new Map<string, string>();
  const issues = words.flatMap((word) => {
    const at = word.indexOf('=');
    const name = word.slice(0, at);
    if (at < 1) return [{ path: '--set', message: `“${word}” is not PARAMETER=VALUE; write for instance web=role=frontend` }];
    if (settings.has(name)) return [{ path: '--set', message: `${name} is set twice; several ends of one kind are written role=a|b, or role=a + app=c` }];
    settings.set(name, word.slice(at + 1));
    return [];
  });
  if (issues.length > 0) throw new FirebreakError('INPUT_INVALID', { issues });
  return Object.fromEntries(settings);
}
