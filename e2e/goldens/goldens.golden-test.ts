import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkGolden } from './check-golden.ts';
import { compileCase, GOLDENS_DIR, listCases } from './golden-cases.ts';

/** FIREBREAK_NO_NFT=1 is for machines without nft or root. */
const isWithoutNft = process.env.FIREBREAK_NO_NFT === '1';

const goldens = listCases().map((name) => ({ name, files: compileCase(name) }));
const bundles = goldens.flatMap(({ files }) => files.filter((file) => file.fileName.endsWith('.nft')));

/** Standard output, under TZ=UTC as the agent runs nft; throws with standard error when the command fails. */
function run(command: string, words: readonly string[], input: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, words, { input, encoding: 'utf8', env: { ...process.env, TZ: 'UTC' } });
  if (error) throw new Error(`${command} cannot be run (${error.message}); install nftables, or set FIREBREAK_NO_NFT=1 to leave these tests out`);
  if (status !== 0) throw new Error(`${command} ${words.join(' ')} exited with ${status}: ${stderr}`);
  return stdout;
}

describe('every golden', () => {
  for (const { name, files } of goldens) {
    it(`${name} comes out of the compiler as it is stored`, () => files.forEach(checkGolden));
  }

  it('belongs to a case that still exists', () => {
    const expected = new Set(goldens.flatMap(({ files }) => files.map((file) => file.fileName)));
    const stored = readdirSync(GOLDENS_DIR).filter((file) => file.endsWith('.nft') || file.endsWith('.diff'));
    expect(stored.filter((file) => !expected.has(file))).toEqual([]);
  });
});

describe.skipIf(isWithoutNft)('the kernel', () => {
  for (const { fileName, text } of bundles) {
    it(`takes ${fileName} and has the same rules after a second load`, () => {
      // `unshare -n` gives a network namespace of its own that ends with the shell: the machine's own rules are never touched.
      const script = 'cat > "$0" && nft -c -f "$0" && nft -f "$0" && nft -s list ruleset && echo ---- && nft -f "$0" && nft -s list ruleset';
      const file = join(GOLDENS_DIR, `${fileName}.${process.pid}.loading.actual`);
      const [first, second] = (() => {
        try {
          return run('unshare', ['-n', 'sh', '-c', script, file], text).split('----\n');
        } finally {
          rmSync(file, { force: true });
        }
      })();
      expect(first).toContain('table inet firebreak');
      expect(second).toBe(first);
    });
  }
});
