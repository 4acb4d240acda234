import type { Command } from 'commander';
import type { FoundHost, ProbeAnswer, ProbeResult } from '../../../shared/contract/host-imports.ts';
import { FirebreakError } from '../../../shared/errors.ts';
import { HostName } from '../../../shared/model/names.ts';
import { canonicalText } from '../../../shared/net/address.ts';
import { countText } from '../../../shared/text/amount-text.ts';
import { parseLabels } from '../../../shared/text/label-text.ts';
import { nameOfAddress } from '../../../shared/text/name-of-address.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { formatHostImport } from '../format-host-import.ts';
import { must, parseIdentity } from '../parse-arguments.ts';
import { followProgress } from '../progress.ts';
import { formatTable } from '../table.ts';
import { repeated } from './host-import.ts';

type Options = { port: string; timeout: string; parallel: string; add?: string[]; addAll?: true; user: string; identity?: string; label?: string[] };

/** `host` is the command that this one belongs to. */
export function addHostProbe(host: Command, context: CliContext): void {
  host
    .command('probe <network>')
    .description('ask each address of a network (IPv4 at most /20, IPv6 /116) whether SSH answers; sends nothing, and adds only what --add names')
    .option('--port <number>', 'the port to ask', '22')
    .option('--timeout <ms>', 'for one address, to connect and again to answer', '1500')
    .option('--parallel <number>', 'addresses at a time (256 at most)', '128')
    .option('--add <address[=name]>', 'add this one of those that answer, under that name (else its address)', repeated)
    .option('--add-all', 'add all that answer and are no hosts yet')
    .option('--user <name>', 'log in to those as', 'root')
    .option('--identity <file>', 'private key file, “agent”, or “password”')
    .option('--label <k=v>', 'a label for those that are added', repeated)
    .action((network: string, options: Options) => probe(context, network, options));
}

async function probe(context: CliContext, network: string, options: Options): Promise<void> {
  const wanted = (options.add ?? []).map(readWanted);
  const isAdding = wanted.length > 0 || options.addAll === true;
  const labels = must('--label', parseLabels((options.label ?? []).join(',')));
  const identity = isAdding ? parseIdentity(options.identity, process.env['SSH_AUTH_SOCK'] !== undefined) : ({ kind: 'agent' } as const);
  const client = await context.client();
  const result = await followProgress(context, await client.hosts.probe({ network, port: toNumber('--port', options.port), timeoutMs: toNumber('--timeout', options.timeout), parallel: toNumber('--parallel', options.parallel) }));
  if (!isAdding) {
    context.print(result, `${formatProbe(result)}${result.answers.length === 0 ? '' : '\n\nNothing was added. To add some of them: --add ADDRESS=NAME, or --add-all'}`);
    if (result.answers.length === 0) context.setExitCode(EXIT.failed);
    return;
  }
  const found = choose(result, wanted, options.addAll === true);
  const source = { kind: 'probe' as const, network: result.network, found, user: options.user };
  const added = await client.hosts.importList({ source, labels, identity, dryRun: false });
  context.print({ probe: result, import: added }, `${formatProbe(result)}\n\n${formatHostImport(added, { dryRun: false, update: false, kind: 'probe' })}`);
  if (added.refused.length > 0) context.setExitCode(EXIT.failed);
}

type Wanted = { readonly address: string; readonly name: string };

function readWanted(text: string): Wanted {
  const [addressText = '', name] = text.split('=');
  const address = canonicalText(addressText);
  if (address === null) throw bad('--add', `“${addressText}” is no address; write one that answered, and =NAME behind it for another name`);
  if (name !== undefined && !HostName.safeParse(name).success) throw bad('--add', `“${name}” is no name of a host`);
  return { address, name: name ?? nameOfAddress(address) };
}

function choose({ answers }: ProbeResult, wanted: readonly Wanted[], all: boolean): FoundHost[] {
  const byAddress = new Map(answers.map((answer) => [answer.address, answer]));
  const away = wanted.filter(({ address }) => !byAddress.has(address));
  if (away.length > 0) throw bad('--add', `${away.map(({ address }) => address).join(', ')} did not answer with SSH; nothing was added`);
  const named = new Set(wanted.map(({ address }) => address));
  const rest = all ? answers.filter(({ address, knownAs }: ProbeAnswer) => knownAs === null && !named.has(address)).map(({ address }) => ({ address, name: nameOfAddress(address) })) : [];
  return [...wanted, ...rest].map(({ address, name }) => ({ name, address, port: byAddress.get(address)?.port ?? 22 }));
}

function formatProbe({ network, asked, answers, silent, closed, other }: ProbeResult): string {
  const head = `${network}: ${countText(asked, 'address')} asked, ${answers.length} answer with SSH; ${silent} silent, ${closed} refuse, ${other} answer something else.`;
  if (answers.length === 0) return head;
  const table = formatTable(['ADDRESS', 'HOST', 'SAYS OF ITSELF'], answers.map(({ address, knownAs, banner }) => [address, knownAs ?? '-', banner]));
  return `${head}\n\n${table}`;
}

function toNumber(option: string, text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw bad(option, `“${text}” is no whole number`);
  return Number(text);
}

const bad = (path: string, message: string) => new FirebreakError('INPUT_INVALID', { issues: [{ path, message }] });
