import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CliSession } from '../main-job/cli-session.ts';
import { MALFORMED_FILES } from './malformed-files.ts';

/** Each file's name and, to the letter, what `firebreak policy import` says to a person about it. On a difference `.actual` is written beside it, to compare and copy. */
const goldenPath = new URL('malformed-files.expected.txt', import.meta.url).pathname;

let cli: CliSession;
beforeAll(async () => {
  cli = new CliSession();
  await cli.run('init');
});
afterAll(() => cli.remove());

test('every malformed policy file is refused with the line, a caret and what to write instead, and changes nothing', async () => {
  const path = join(cli.folder, 'policy.yaml');
  const seen: string[] = [];
  for (const { name, text } of MALFORMED_FILES) {
    writeFileSync(path, text);
    const answer = await cli.run('policy', 'import', path);
    expect([name, answer.code, answer.out]).toEqual([name, 2, '']);
    seen.push(`== ${name}\n${answer.err.replaceAll(path, 'policy.yaml')}\n`);
  }
  const actual = seen.join('\n');
  if (actual !== readFileSync(goldenPath, 'utf8')) writeFileSync(`${goldenPath}.actual`, actual);
  expect(actual).toBe(readFileSync(goldenPath, 'utf8'));
  expect((await cli.run('rule', 'list', '--json')).out).toContain('"rules": []');
}, 120_000);

test('scripts get the same issues as JSON, with line, column, the line itself and the caret', async () => {
  const path = join(cli.folder, 'policy.yaml');
  writeFileSync(path, 'firebreak: 1\nrule: []\n');
  const answer = await cli.run('--json', 'policy', 'import', path);
  expect([answer.code, JSON.parse(answer.out).error.payload]).toEqual([
    2,
    { file: path, issues: [{ path: 'rule', message: '“rule” is no key of a policy file; did you mean “rules”?', line: 2, column: 1, source: 'rule: []', caret: '^' }], more: 0 },
  ]);
});

test('of hundreds of mistakes the first fifty are told, and how many more there are', async () => {
  const path = join(cli.folder, 'policy.yaml');
  writeFileSync(path, `firebreak: 1\nrules:\n${Array.from({ length: 80 }, () => '  - {action: allow, from: any, to: any, services: tcp/70000}\n').join('')}`);
  const lines = (await cli.run('policy', 'import', path)).err.split('\n');
  expect(lines.filter((line) => line.includes('port 70000 does not exist'))).toHaveLength(50);
  expect(lines).toContain('… and 30 more');
});
