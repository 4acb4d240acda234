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

type Environment = Readonly<Record<string, string | undefined>>;

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    // Not there, or not ours to run: both mean “look further”.
    return false;
  }
}

/** FIREBREAK_CHROMIUM alone when it is set, so that a wrong setting is noticed; otherwise the usual names on PATH, then the usual places. */
function listCandidates(env: Environment): string[] {
  if (env.FIREBREAK_CHROMIUM) return [env.FIREBREAK_CHROMIUM];
  const folders = (env.PATH ?? '').split(delimiter).filter(isAbsolute);
  return [...names.flatMap((name) => folders.map((folder) => join(folder, name))), ...fixedPlaces];
}

/** Path of an installed Chromium, Chrome or relative of them; null when there is none. Starts nothing. */
export function findChromium(env: Environment = process.env): string | null {
  return listCandidates(env).find(isExecutable) ?? null;
}

/** What `findChromium` looked for, as BROWSER_MISSING tells it. */
export const listTriedBrowsers = (env: Environment = process.env): string[] => (env.FIREBREAK_CHROMIUM ? [env.FIREBREAK_CHROMIUM] : names);
