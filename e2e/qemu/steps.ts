import { isDeepStrictEqual } from 'node:util';

/** Throws with both values when they differ. */
export function expectEqual(what: string, seen: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(seen, expected)) throw new Error(`${what} should be ${JSON.stringify(expected)} and is ${JSON.stringify(seen)}`);
}

/** Throws when no line matches one of the patterns; names the patterns. */
export function expectLines(what: string, lines: readonly string[], patterns: readonly RegExp[]): void {
  const missing = patterns.filter((pattern) => !lines.some((line) => pattern.test(line)));
  if (missing.length > 0) throw new Error(`${what}: nothing matches ${missing.join(' or ')} in\n${lines.join('\n')}`);
}

/** Runs one step, says how long it took and what was seen. Throws what the step throws, after naming it. */
export async function step(name: string, run: () => Promise<string>): Promise<void> {
  const startMs = performance.now();
  const seconds = () => `${((performance.now() - startMs) / 1000).toFixed(0).padStart(4)} s`;
  try {
    const seen = await run();
    console.log(`✓ ${seconds()}  ${name}${seen === '' ? '' : `: ${seen}`}`);
  } catch (error) {
    console.log(`✗ ${seconds()}  ${name}`);
    throw error;
  }
}
