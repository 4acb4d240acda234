import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { inert } from '../../../shared/text/inert.ts';
import { readTextFile } from '../read-text-file.ts';
import { readVariables, type Variables } from './read-variables.ts';

const ENDINGS = ['', '.yml', '.yaml', '.json'];
const MAX_FILES = 40_000;
const MAX_BYTES = 268_435_456;
const MAX_DEPTH = 6;

/** Variables of hosts or groups by name, of one folder. Each name has one entry: a file, or a folder whose files count in the order of their names. */
export type VariableFiles = { readonly of: (name: string) => Variables };
export type VariableRun = { readonly notes: string[]; files: number; bytes: number };

/** Reads `group_vars` or `host_vars` as Ansible does: NAME, NAME.yml, NAME.yaml or NAME.json, the first that is there. What is encrypted or cannot be read is told, once a file. An absent folder has none. */
export async function readVariableFiles(path: string, run: VariableRun): Promise<VariableFiles> {
  const found = new Map<string, { rank: number; variables: Variables }>();
  const entries = await readdir(path).catch((): string[] => []);
  for (const entry of entries.sort()) {
    if (entry.startsWith('.') || entry.endsWith('~')) continue;
    const inner = join(path, entry);
    const isFolder = await stat(inner).then((about) => about.isDirectory(), () => null);
    if (isFolder === null) continue;
    const rank = isFolder ? 0 : ENDINGS.indexOf(extname(entry));
    // An ending of no variables is part of the name: host_vars/web1.example.
    const name = rank > 0 ? entry.slice(0, -extname(entry).length) : entry;
    const before = found.get(name);
    if (before !== undefined && before.rank <= Math.max(0, rank)) continue;
    const variables = isFolder ? await readFolder(inner, run, 0) : await readOne(inner, run);
    found.set(name, { rank: Math.max(0, rank), variables });
  }
  const none: Variables = new Map();
  return { of: (name) => found.get(name)?.variables ?? none };
}

async function readFolder(path: string, run: VariableRun, depth: number): Promise<Variables> {
  const variables = new Map<string, Variables extends ReadonlyMap<string, infer Value> ? Value : never>();
  if (depth >= MAX_DEPTH) return variables;
  for (const entry of (await readdir(path).catch((): string[] => [])).sort()) {
    if (entry.startsWith('.') || entry.endsWith('~')) continue;
    const inner = join(path, entry);
    const about = await stat(inner).catch(() => null);
    if (about === null || (!about.isDirectory() && !ENDINGS.includes(extname(entry)))) continue;
    for (const [key, value] of about.isDirectory() ? await readFolder(inner, run, depth + 1) : await readOne(inner, run)) variables.set(key, value);
  }
  return variables;
}

async function readOne(path: string, run: VariableRun): Promise<Variables> {
  run.files += 1;
  const text = run.files > MAX_FILES || run.bytes > MAX_BYTES ? null : await readTextFile(path).catch(() => null);
  if (text === null) run.notes.push(`${inert(path)} could not be read, or there is too much before it: what it says is left out.`);
  else if (text.startsWith('$ANSIBLE_VAULT;')) run.notes.push(`${inert(path)} is encrypted by Ansible Vault: what it says is not known, and is left out.`);
  else {
    run.bytes += text.length;
    const { variables, problem } = readVariables(text);
    if (problem !== null) run.notes.push(`${inert(path)}: ${inert(problem)}.`);
    return variables;
  }
  return new Map();
}
