import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Way } from './foreign-rules.ts';

/** What a case did so far, over several runs of the suite. */
export type KeptTally = { passed: number; failed: number; seconds: number };
const Kept = z.record(z.string(), z.strictObject({ passed: z.number().int(), failed: z.number().int(), seconds: z.number() }));
const TallyText = z.strictObject({ of: z.string(), cases: Kept });

/** What a case is about: another agent, another suite or another lab, and nothing counts any more. */
const FOLDERS = ['agent', 'e2e/faults', 'e2e/lab'] as const;
const ROOT = new URL('../../', import.meta.url).pathname;
const git = (...words: string[]): string => execFileSync('git', ['-C', ROOT, ...words], { encoding: 'utf8' }).trim();

/**
 * Tallies in a file, over one way, so that ten times of everything, which take hours, may be several runs. Of another state of the agent, the suite or the lab nothing is taken.
 * Throws when these have changes that are not committed: then nobody could say what was tested.
 */
export class TallyFile {
  readonly #path: string;
  readonly #of: string;
  readonly #cases: Map<string, KeptTally>;

  constructor(path: string, way: Way) {
    if (git('status', '--porcelain', '--', ...FOLDERS) !== '') throw new Error(`${FOLDERS.join(', ')} have changes that are not committed; commit them, or leave --tally out`);
    this.#path = path;
    this.#of = [...FOLDERS.map((folder) => git('rev-parse', `HEAD:${folder}`)), ...(way === 'nft' ? [] : [way])].join(' ');
    const kept = existsSync(path) ? TallyText.parse(JSON.parse(readFileSync(path, 'utf8'))) : null;
    this.#cases = new Map(kept?.of === this.#of ? Object.entries(kept.cases) : []);
  }

  of(name: string): KeptTally {
    return this.#cases.get(name) ?? { passed: 0, failed: 0, seconds: 0 };
  }

  keep(name: string, tally: KeptTally): void {
    this.#cases.set(name, { ...tally });
    writeFileSync(`${this.#path}.new`, JSON.stringify({ of: this.#of, cases: Object.fromEntries(this.#cases) }, null, 1));
    renameSync(`${this.#path}.new`, this.#path);
  }
}
