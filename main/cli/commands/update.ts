import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type UpdateCheck, UpdateSource, type UpdateSourceView } from '../../../shared/contract/updates.ts';
import { FirebreakError } from '../../../shared/errors.ts';
import { countText } from '../../../shared/text/amount-text.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';

/** Off until somebody turns it on; asks when told to, and never by itself. */
export function addUpdateCommands(program: Command, context: CliContext): void {
  const update = program.command('update').description('whether there is a newer Firebreak; off until you say whom to ask, and only ever when you ask');
  update
    .command('show', { isDefault: true })
    .description('whom you ask, and by whose key releases must be signed')
    .action(async () => {
      const view = await (await context.client()).updates.source({});
      context.print(view, describeSource(view));
    });
  update
    .command('from <url>')
    .description('ask there from now on; for you on this machine, in no workspace')
    .requiredOption('--key <file>', 'the public key that releases must be signed with: one line, ssh-ed25519 …')
    .action(async (url: string, { key }: { key: string }) => {
      const view = await (await context.client()).updates.setSource({ source: parseSource(url, await readKey(resolve(key))) });
      context.print(view, describeSource(view));
    });
  update
    .command('off')
    .description('ask nobody')
    .action(async () => {
      const view = await (await context.client()).updates.setSource({ source: null });
      context.print(view, describeSource(view));
    });
  update
    .command('check')
    .description('ask now (exit 3 when there is a newer one); fetches the list of the release and its signature, and installs nothing')
    .option('--file <path>', 'read a release.json that was carried here, with its release.json.sig beside it')
    .action(async ({ file }: { file?: string }) => {
      const check = await (await context.client()).updates.check({ path: file === undefined ? null : resolve(file) });
      context.print(check, describeCheck(check));
      if (check.verdict === 'newer') context.setExitCode(EXIT.gate);
    });
}

const readKey = (path: string): Promise<string> =>
  readFile(path, 'utf8').catch((error: Error) => {
    throw new FirebreakError('FILE_NOT_READABLE', { path, detail: error.message });
  });

function parseSource(url: string, keyText: string): UpdateSource {
  const parsed = UpdateSource.safeParse({ url, publicKey: keyText.trim() });
  if (parsed.success) return parsed.data;
  throw new FirebreakError('INPUT_INVALID', { issues: parsed.error.issues.map(({ path, message }) => ({ path: path[0] === 'url' ? '<url>' : '--key', message })) });
}

const describeSource = ({ source, current }: UpdateSourceView): string =>
  source === null ? `Firebreak ${current}. You ask nobody for newer ones.` : `Firebreak ${current}. You ask ${source.url}, when you say so; releases must be signed by ${source.fingerprint}.`;

const VERDICTS: { readonly [Verdict in UpdateCheck['verdict']]: (check: UpdateCheck) => string } = {
  newer: ({ release, current }) => `Firebreak ${release.version} is there, of ${release.releasedOn}; this is ${current}.`,
  same: ({ current, release }) => `Firebreak ${current} is the newest, of ${release.releasedOn}.`,
  older: ({ release, current }) => `The release there is ${release.version}; this is ${current}, which is newer.`,
};

function describeCheck(check: UpdateCheck): string {
  const { release, signedBy, verdict } = check;
  const head = [VERDICTS[verdict](check), `Signed by ${signedBy}.`];
  if (verdict !== 'newer') return head.join('\n');
  const files = release.files.map(({ name, sha256 }) => `${sha256}  ${name}`);
  return [...head, ...(release.notes === '' ? [] : ['', release.notes]), '', `${countText(files.length, 'file')}; fetch yours, and compare (sha256sum -c):`, ...files].join('\n');
}
