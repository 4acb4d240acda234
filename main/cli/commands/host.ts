import type { Command } from 'commander';
import type { HostDetail, ListeningService } from '../../../shared/contract/views.ts';
import { FirebreakError } from '../../../shared/errors.ts';
import { POSTURE_FACTS } from '../../../shared/model/posture.ts';
import { POSTURE_HOLDS_DAYS } from '../../../shared/posture/say-posture.ts';
import { printLabels, parseLabels } from '../../../shared/text/label-text.ts';
import { listFormerAddresses, listMachineLines } from '../../../shared/text/identity-times-text.ts';
import { listOtherDeciders } from '../../../shared/text/other-firewalls.ts';
import { describePosture, POSTURE_TITLES, printPosturePart } from '../../../shared/text/posture-text.ts';
import { waitText } from '../../../shared/text/wait-text.ts';
import type { CliContext } from '../context.ts';
import { labelRows } from '../format-labels.ts';
import { must, parseIdentity, parseSshAddress } from '../parse-arguments.ts';
import { formatTable, formatTime } from '../table.ts';
import { addHostEvidenceCommands } from './host-evidence.ts';
import { addHostImport } from './host-import.ts';
import { addHostKeys } from './host-keys.ts';
import { addHostProbe } from './host-probe.ts';
import { addHostTrust } from './host-trust.ts';

type AddOptions = { address?: string; ip?: string[]; identity?: string; certificate?: string; jump?: string; sudo?: true; sudoPassword?: true; label?: string[]; note: string; unmanaged?: true };

export function addHostCommands(program: Command, context: CliContext): void {
  const host = program.command('host').description('hosts of the inventory');
  host
    .command('add <name>')
    .description('add a host; --unmanaged for one without an agent (appliance, cloud endpoint)')
    .option('--address <[user@]host[:port]>', 'where sshd answers')
    .option('--identity <file>', 'private key file, “agent”, or “password”')
    .option('--certificate <file>', 'certificate of that key, where it is not KEYFILE-cert.pub')
    .option('--jump <name>', 'go through this host')
    .option('--sudo', 'use sudo (NOPASSWD)')
    .option('--sudo-password', 'use sudo with a password (asked for, or FIREBREAK_SUDO_PASSWORD)')
    .option('--label <k=v...>', 'labels')
    .option('--unmanaged', 'a peer without an agent; needs --ip')
    .option('--ip <address...>', 'addresses it is known by (a managed host reports its own)')
    .option('--note <text>', 'a remark', '')
    .action((name: string, options: AddOptions) => addHost(context, name, options));
  host
    .command('list')
    .description('all hosts, their zone and state')
    .option('--posture', 'how well each is kept, by what it said itself: Secure Boot, disk encryption, security updates, endpoint security')
    .action((options: { posture?: true }) => (options.posture ? listPosture(context) : listHosts(context)));
  host.command('show <name>').description('everything known about one host').action((name: string) => showHost(context, name));
  host
    .command('label <name> <labels...>')
    .description('set labels k=v; k= removes one')
    .action((name: string, words: string[]) => labelHost(context, name, words));
  addHostImport(host, context);
  addHostProbe(host, context);
  addHostEvidenceCommands(host, context);
  host
    .command('remove <name>')
    .description('forget a host (uninstall its agent first)')
    .option('--force', 'although an agent is installed there')
    .action(async (name: string, options: { force?: true }) => {
      await (await context.client()).hosts.remove({ name, force: options.force ?? false });
      context.print({ removed: name }, `Removed ${name}.`);
    });
  addHostTrust(host, context);
  addHostKeys(host, context);
}

async function addHost(context: CliContext, name: string, options: AddOptions): Promise<void> {
  const labels = must('--label', parseLabels((options.label ?? []).join(',')));
  if (options.address === undefined && options.unmanaged === undefined)
    throw new FirebreakError('INPUT_INVALID', { issues: [{ path: '--address', message: 'give where sshd answers ([USER@]HOST[:PORT]), or --unmanaged with --ip' }] });
  const ssh =
    options.address === undefined
      ? null
      : {
          ...parseSshAddress(options.address),
          identity: parseIdentity(options.identity, process.env['SSH_AUTH_SOCK'] !== undefined, options.certificate),
          sudo: options.sudoPassword ? ('password' as const) : options.sudo ? ('nopasswd' as const) : ('none' as const),
          jump: options.jump ?? null,
        };
  const host = await (await context.client()).hosts.add({ name, ssh, addresses: options.ip ?? [], labels, note: options.note });
  const next = ssh === null ? '' : ` Next: firebreak host trust ${name}`;
  context.print(host, `Added ${name} (${printLabels(host.labels) || 'no labels'}).${next}`);
}

async function listHosts(context: CliContext): Promise<void> {
  const hosts = await (await context.client()).hosts.list({});
  const rows = hosts.map((h) => [h.name, `${h.state}${h.waits === null ? '' : ` (${waitText(h.waits)})`}${h.warnings.length === 0 ? '' : ` (${h.warnings.length} warning${h.warnings.length === 1 ? '' : 's'})`}`, h.zone ?? '-', h.appliedMode ?? '-', h.draftMode, printLabels(h.labels), h.addresses.join(' ') || (h.ssh?.address ?? '-'), formatTime(h.lastContactAtMs)]);
  const empty = 'No hosts yet. Add one: firebreak host add NAME --address [USER@]HOST --identity KEYFILE';
  context.print(hosts, hosts.length === 0 ? empty : formatTable(['HOST', 'STATE', 'ZONE', 'RUNS', 'DRAFT', 'LABELS', 'ADDRESSES', 'LAST CONTACT'], rows));
}

async function listPosture(context: CliContext): Promise<void> {
  const hosts = (await (await context.client()).hosts.list({})).filter(({ managed }) => managed);
  const rows = hosts.map(({ name, zone, posture }) => [name, zone ?? '-', ...POSTURE_FACTS.map((fact) => posture[fact])]);
  const text = hosts.length === 0 ? 'No managed hosts yet.' : `${formatTable(['HOST', 'ZONE', ...POSTURE_FACTS.map((fact) => POSTURE_TITLES[fact].toUpperCase())], rows)}\n\nWhat hosts said about themselves in the last ${POSTURE_HOLDS_DAYS} days; unknown is not good.`;
  context.print(hosts.map(({ name, zone, posture }) => ({ name, zone, posture })), text);
}

async function showHost(context: CliContext, name: string): Promise<void> {
  const client = await context.client();
  const host = await client.hosts.get({ name });
  const labelling = await client.labelRules.ofHost({ name });
  const listening = host.listening.map((l) => [`${l.protocol}/${l.port}`, l.address, l.process ?? '-', l.user ?? '-', l.unit ?? '-', ...describeUse(l)]);
  const text = [
    formatTable(['', ''], describeHost(host, labelRows(labelling.entries, labelling.waiting))).trimStart(),
    host.facts === null ? 'No facts yet: firebreak collect ' + name : formatTable(['LISTENS', 'ADDRESS', 'PROCESS', 'USER', 'UNIT', 'PEERS', 'LAST CONNECTED'], listening),
    ...(host.recordedSinceMs === null || host.listening.length === 0 ? [] : [`Connections are recorded since ${formatTime(host.recordedSinceMs)}; those over loopback are not.`]),
  ];
  context.print({ ...host, labelling }, text.join('\n\n'));
}

/** Peers and the last time that somebody connected; “?” where it cannot be known. */
function describeUse(service: ListeningService): string[] {
  if (service.everConnected === null) return ['?', '?'];
  return [String(service.peers), service.everConnected ? formatTime(service.lastConnectedAtMs) : 'never'];
}

function describeHost(host: HostDetail, labels: string[][]): string[][] {
  const ssh = host.ssh;
  return [
    ['name', host.name],
    ['ssh', ssh === null ? 'unmanaged' : `${ssh.user}@${ssh.address.includes(':') ? `[${ssh.address}]` : ssh.address}:${ssh.port}${ssh.jump === null ? '' : ` through ${ssh.jump}`}`],
    ['host key', host.pinnedKeys.map((key) => `${key.algorithm} ${key.fingerprint}`).join(', ') || 'not trusted yet'],
    ...(labels.length === 0 ? [['labels', '-']] : labels),
    ['addresses', host.addresses.join(' ') || '-'],
    ...((host.published ?? []).length === 0 ? [] : [['publishes', `${(host.published ?? []).map(({ protocol, from, to }) => `${protocol}/${from}${to === from ? '' : `-${to}`}`).join(' ')} (container ports, judged as what comes in to the host)`]]),
    ...listMachineLines(host.machines).map((line) => ['machine', line]),
    ...listFormerAddresses(host.addressTimes).map((line) => ['former address', line]),
    ...(host.managed ? describeHostPosture(host) : []),
    ['zone', `${host.zone ?? 'none (observed)'}${host.alsoMatches.length > 0 ? `; also matches ${host.alsoMatches.join(', ')}` : ''}`],
    ['state', host.state],
    ['runs', host.appliedMode === null ? 'nothing' : `${host.appliedMode}, version ${host.appliedVersion ?? '-'}, bundle ${host.appliedBundle?.slice(0, 12) ?? '-'}`],
    ...(host.waits === null ? [] : [['waits', `for version ${host.waits.version} since ${formatTime(host.waits.sinceMs)}: it was away when that was pushed${host.waits.held === null ? '' : `; not sent by itself: ${host.waits.held}`}; to send it now: firebreak push --pending`]]),
    ['verified', formatTime(host.verifiedAtMs)],
    ['agent', host.agentVersion ?? 'not installed'],
    ['last contact', formatTime(host.lastContactAtMs)],
    ...listOtherDeciders(host.facts?.firewalls ?? []).map(({ name, effect }) => ['also decides', `${name} ${effect}`]),
    ...host.warnings.map((warning) => ['warning', warning.text]),
    ...(host.lastError === null ? [] : [['last error', `${host.lastError.title} ${host.lastError.hint}`]]),
  ];
}

function describeHostPosture({ postureParts, postureAtMs, facts }: HostDetail): string[][] {
  if (postureAtMs === null) return [['posture', `unknown: ${facts === null ? 'it said nothing yet' : 'the agent there does not tell; upgrade it'}`]];
  return postureParts.map((part) => {
    const detail = describePosture(part.fact, facts?.posture);
    return ['posture', `${printPosturePart(part)}${detail === '' ? '' : ` (${detail})`}`];
  });
}

async function labelHost(context: CliContext, name: string, words: string[]): Promise<void> {
  const removed = words.filter((word) => /^[^=]+=$/.test(word)).map((word) => word.slice(0, -1));
  const set = must('labels', parseLabels(words.filter((word) => !/^[^=]+=$/.test(word)).join(',')));
  const host = await (await context.client()).hosts.label({ name, labels: { ...set, ...Object.fromEntries(removed.map((key) => [key, null])) } });
  const kept = removed.filter((key) => Object.hasOwn(host.labels, key));
  const why = kept.length === 0 ? '' : `\n${kept.join(', ')} ${kept.length === 1 ? 'is' : 'are'} given by a label rule: firebreak host show ${name}`;
  context.print(host, `${name}: ${printLabels(host.labels) || 'no labels'}${why}`);
}
