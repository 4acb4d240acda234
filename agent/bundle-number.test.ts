import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runFunctions, SHELLS } from './testing/run-functions.ts';
import { sampleBundle } from './testing/sample-bundle.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'firebreak-number-'));
  mkdirSync(join(dir, 'var/lib/firebreak'), { recursive: true });
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const numbered = (seq: number): string => sampleBundle({ mode: 'enforce' }).text.replace(/^# hash /m, `# seq ${seq}\n$&`);

describe.each(SHELLS)('the number that the next bundle must be above, under %s %s', (...words) => {
  test.each([
    { state: 7, confirmed: 6, observe: 5, last: 7 },
    { state: 5, confirmed: 7, observe: 6, last: 7 },
    { state: 6, confirmed: 5, observe: 7, last: 7 },
  ])('is that of state, confirmed policy or last install, whichever is highest: $state, $confirmed, $observe', ({ state, confirmed, observe, last }) => {
    const files = { state: `bundle_seq=${state}\n`, 'confirmed.nft': numbered(confirmed), 'observe.nft': numbered(observe) };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, 'var/lib/firebreak', name), text);
    const shell = words.filter((word) => word !== undefined);
    expect(runFunctions(shell, dir, ['state', 'bundle'], 'last_bundle_seq')).toBe(`${last}\n`);
  });
});
