import { resolve } from 'node:path';
import type { Command } from 'commander';
import { FirebreakError } from '../../../shared/errors.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { addBundleAnsible } from './bundle-ansible.ts';
import { formatBundleOutcomes, formatCarried, formatCollections, formatKits, formatReceipts } from '../format-bundles.ts';
import { followProgress } from '../progress.ts';

/** Sites that no cable reaches: a stick goes there and comes back. */
export function addBundleCommands(program: Command, context: CliContext): void {
  const bundle = program
    .command('bundle')
    .description('rules that others carry: a stick for hosts that no cable reaches, and what it brings back; a collection for Ansible; receipts');
  addSticks(bundle, context);
  addCollections(bundle, context);
  bundle
    .command('export <hosts...>')
    .description('signed rules of the draft for hosts that are reached by stick; their versions are made now, and what became of them says the receipt')
    .requiredOption('--out <folder>', 'the stick’s folder, made with: firebreak bundle kit')
    .option('--note <text>', 'why, for the version', '')
    .action(async (hosts: string[], options: { out: string; note: string }) => {
      const carried = await (await context.client()).bundles.exportPolicy({ hosts, note: options.note, folder: resolve(options.out) });
      context.print(carried, formatCarried(carried));
    });
  addBundleAnsible(bundle, context);
  bundle
    .command('receipt <paths...>')
    .description('what hosts did with the rules that were carried to them (exit 3 when one is refused)')
    .option('--dry-run', 'only say what would become of each; nothing is stored')
    .action(async (paths: string[], { dryRun = false }: { dryRun?: boolean }) => {
      const { receipts } = await (await context.client()).bundles.receipts({ paths: paths.map((path) => resolve(path)), dryRun });
      context.print(receipts, receipts.length === 0 ? 'There is no receipt (*.tar.gz) there.' : formatReceipts(receipts));
      if (receipts.length === 0) context.setExitCode(EXIT.failed);
      else if (receipts.some(({ outcome }) => outcome === 'refused')) context.setExitCode(EXIT.gate);
    });
}

function addSticks(bundle: Command, context: CliContext): void {
  bundle
    .command('kit')
    .description('make the folder of a stick: collector, agent, README, and a key of its own for what is collected')
    .requiredOption('--out <folder>', 'a folder that is new or empty')
    .action(async ({ out }: { out: string }) => {
      const kit = await (await context.client()).bundles.makeKit({ folder: resolve(out) });
      context.print(
        kit,
        `Wrote kit ${kit.id} to ${kit.folder}: see README.txt in it.\nOn each host: sh firebreak-collect. Keep the stick as you keep a key; if it is lost: firebreak bundle forget-kit ${kit.id}`,
      );
    });
  bundle
    .command('kits')
    .description('sticks that were made, newest first')
    .action(async () => {
      const kits = await (await context.client()).bundles.kits({});
      context.print(kits, kits.length === 0 ? 'No stick was made. Make one: firebreak bundle kit --out FOLDER' : formatKits(kits));
    });
  bundle
    .command('forget-kit <kit>')
    .description('refuse bundles of a stick from now on; what it brought stays')
    .action(async (id: string) => {
      const done = await (await context.client()).bundles.forgetKit({ id });
      context.print(done, `Bundles that are signed with ${id} are refused from now on.`);
    });
}

function addCollections(bundle: Command, context: CliContext): void {
  bundle
    .command('import <paths...>')
    .description('bundles, and folders of them: hosts, facts, listening services, flows (exit 3 when one is refused)')
    .option('--dry-run', 'only say what would become of each; nothing is stored')
    .action(async (paths: string[], { dryRun = false }: { dryRun?: boolean }) => {
      const client = await context.client();
      const { bundles } = await followProgress(context, await client.bundles.import({ paths: paths.map((path) => resolve(path)), dryRun }));
      context.print(bundles, bundles.length === 0 ? 'There is no bundle (*.tar.gz) there.' : formatBundleOutcomes(bundles, dryRun));
      if (bundles.length === 0) context.setExitCode(EXIT.failed);
      else if (bundles.some(({ outcome }) => outcome === 'refused')) context.setExitCode(EXIT.gate);
    });
  bundle
    .command('list')
    .description('bundles that were imported, newest first')
    .action(async () => {
      const list = await (await context.client()).bundles.list({});
      context.print(list, list.length === 0 ? 'No bundle was imported.' : formatCollections(list));
    });
  bundle
    .command('remove <id>')
    .description('take a bundle out: its flows, what it said of its host, and the host if nothing else knows it')
    .action(async (id: string) => {
      if (!/^[1-9]\d{0,9}$/.test(id))
        throw new FirebreakError('INPUT_INVALID', { issues: [{ path: 'id', message: `“${id}” is no number of a bundle; see: firebreak bundle list` }] });
      const done = await (await context.client()).bundles.remove({ id: Number(id) });
      context.print(done, `Bundle ${id} is out.`);
    });
}
