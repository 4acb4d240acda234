import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge', 'brave-browser'];
const fixedPlaces = [
  '/usr/bin/chromium',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    // Not there, or not ours to run: both mean “look further”.
    return false;
  }
}

/**
 * An installed Chromium or Chrome: FIREBREAK_CHROMIUM first, and then nothing else, so that a wrong setting is noticed.
 * `tried` is what BROWSER_MISSING tells.
 */
export function findChromium(env: Readonly<Record<string, string | undefined>>): { path: string | null; tried: string[] } {
  const asked = env.FIREBREAK_CHROMIUM;
  if (asked !== undefined && asked !== '') return { path: isExecutable(asked) ? asked : null, tried: [asked] };
  const folders = (env.PATH ?? '').split(delimiter).filter(isAbsolute);
  const candidates = [...names.flatMap((name) => folders.map((folder) => join(folder, name))), ...fixedPlaces];
  return { path: candidates.find(isExecutable) ?? null, tried: names };
}
