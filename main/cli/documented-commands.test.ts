import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runFirebreak } from './testing/run-firebreak.ts';

const root = new URL('../..', import.meta.url).pathname;
const documents = ['README.md', 'SECURITY.md', ...readdirSync(`${root}docs`).map((name) => `docs/${name}`)].filter((name) => name.endsWith('.md'));
/** Command lines that a document shows, in a block or in a sentence: `firebreak zone add shop --select app=shop`. */
const shown = documents.flatMap((document) => {
  const text = readFileSync(`${root}${document}`, 'utf8');
  const blocks = [...text.matchAll(/^```(?:sh|yaml)?\n(.*?)^```/gms)].flatMap(([, block = '']) => block.split('\n'));
  const inline = [...text.replaceAll(/^```.*?^```/gms, '').matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
  return [...blocks, ...inline]
    .flatMap((line) => line.replace(/ # .*/, '').split('&&'))
    .map((line) => line.replace(/^\s*(- run: )?(\.\/)?/, '').trim())
    .filter((line) => line.startsWith('firebreak ') && !/^firebreak (COMMAND )?--(help|version)$/.test(line))
    .map((line) => ({ document, line }));
});

const client = () => Promise.reject(new Error('help opens no workspace'));

/** Help of the command that the words name, and how many of them are its name. */
async function helpOf(words: readonly string[]): Promise<{ name: string; help: string }> {
  const at = { path: '/nowhere', client: client as never };
  const { out } = await runFirebreak(at, [...words, '--help']);
  return { name: /^Usage: (firebreak[a-z -]*)/m.exec(out)?.[1]?.trim() ?? '', help: out };
}

test('documents show commands', () => expect(shown.length).toBeGreaterThan(50));

test.each(shown)('$document: $line', async ({ line }) => {
  const [, ...all] = line.replace(/--workspace \S+ /, '').split(/\s+/);
  const firstOther = all.findIndex((word) => !/^[a-z-]+$/.test(word) || word.startsWith('--'));
  const words = all.slice(0, firstOther === -1 ? all.length : firstOther);
  const { name, help } = await helpOf(words.slice(0, 3));
  expect(name.split(' ').slice(1)).toEqual(words.slice(0, name.split(' ').length - 1));
  // A group's own help is what commander prints for a command that the group does not have.
  if (help.includes('\nCommands:')) expect(name.split(' ').slice(1)).toEqual(words);
  expect(name).not.toBe('firebreak');
  for (const [option] of all.join(' ').matchAll(/--[a-z-]+/g)) expect(help).toMatch(new RegExp(`${option}\\b`));
});
