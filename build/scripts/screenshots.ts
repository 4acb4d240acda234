import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeError } from '../../shared/error-text.ts';
import { FirebreakError } from '../../shared/errors.ts';
import { printContactSheet } from '../screenshots/contact-sheet.ts';
import { readOrder } from '../screenshots/read-choice.ts';
import { SCREENS } from '../screenshots/screens.ts';
import { parseShotFile, planShots, type Shot, shotFile, type State } from '../screenshots/shots.ts';
import { openStage, seedOnce, workspaceOf } from '../screenshots/stages.ts';
import { takeShots } from '../screenshots/take-shots.ts';

/**
 * `npm run screenshots`: every screen in every state (seeded, sample, empty, loading, error, ten thousand rows), two sizes and light and dark (the main ones in high contrast, too), to
 * out/screenshots/SCREEN-STATE-SIZE-THEME.png with an index.html beside them. `--screen --state --size --theme` take a part and leave the others; `--readme` takes those that README.md shows,
 * to build/pictures. The same every time: seed and clock are fixed. Exit 1 when a screen did not get ready, complained on the console, or did not show its state.
 */
const folder = new URL('../../out/screenshots', import.meta.url).pathname;
const pictures = new URL('../pictures', import.meta.url).pathname;
/** What the README shows. */
const README_PICTURES: readonly Shot[] = [
  { screen: 'map', state: 'seeded', size: '1280x800', theme: 'light' },
  { screen: 'zones', state: 'seeded', size: '1280x800', theme: 'light' },
  { screen: 'rules', state: 'seeded', size: '1280x800', theme: 'dark' },
  { screen: 'overview', state: 'seeded', size: '1280x800', theme: 'light' },
];

/** The camera's own script, which stills animations in every frame: the preview of a report lets none run. Without a picture the page does not complain (`reports.spec.ts`). */
const OF_THE_CAMERA = /Blocked script execution in 'about:blank' because the document's frame is sandboxed/;

async function takeAll(shots: readonly Shot[], workDir: string): Promise<string[]> {
  const problems: string[] = [];
  const seededPath = seedOnce(workDir);
  for (const [key, together] of Map.groupBy(shots, ({ state, screen }) => `${state} ${workspaceOf(state, screen)}`)) {
    const [state = 'seeded', workspace = state] = key.split(' ') as [State, string];
    const stage = await openStage(state, workspace, workDir, seededPath);
    try {
      for (const screen of SCREENS) {
        const ofScreen = together.filter((shot) => shot.screen === screen.name);
        if (ofScreen.length > 0) problems.push(...(await takeShots({ stage, screen, shots: ofScreen, folder })));
      }
      problems.push(...stage.console.problems.filter((problem) => !OF_THE_CAMERA.test(problem)).map((problem) => `${state}: ${problem}`));
    } finally {
      await stage.console.close();
    }
  }
  return problems;
}

async function main(): Promise<number> {
  const { choice, isReadme } = readOrder(
    process.argv.slice(2),
    SCREENS.map(({ name }) => name),
  );
  const shots = isReadme ? README_PICTURES : planShots(SCREENS, choice);
  const isWhole = !isReadme && Object.values(choice).every((part) => part.length === 0);
  if (isWhole) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const workDir = mkdtempSync(join(tmpdir(), 'firebreak-screenshots-'));
  try {
    const problems = await takeAll(shots, workDir);
    if (isReadme) for (const shot of shots) copyFileSync(join(folder, shotFile(shot)), join(pictures, `${shot.screen}-${shot.theme}.png`));
    writeFileSync(join(folder, 'index.html'), printContactSheet(readdirSync(folder).flatMap((file) => parseShotFile(file) ?? [])));
    for (const problem of new Set(problems)) console.error(problem);
    console.log(`${shots.length} ${shots.length === 1 ? 'picture' : 'pictures'}; all of them: ${join(folder, 'index.html')}`);
    return problems.length === 0 ? 0 : 1;
  } finally {
    rmSync(workDir, { recursive: true, force: true });
  }
}

// Chromium's sandbox refuses root; the page is our own, over data that we made.
if (process.getuid?.() === 0) process.env.FIREBREAK_TEST_NO_SANDBOX = '1';
try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof FirebreakError)) throw error;
  const { title, hint } = describeError(error.code, error.payload);
  console.error(`${title}\n${hint}`);
  process.exitCode = 1;
}
