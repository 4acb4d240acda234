import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { type Duplex, Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { readBundle } from './fake-bundle.ts';
import { reply, type Reply } from './fake-agent.ts';
import type { FakeMachine } from './fake-machine.ts';
import { splitWords } from './split-words.ts';

const AGENT = 'firebreak-agent';
const NOT_FOUND: Reply & { stderr: string } = { exitCode: 127, stdout: '', stderr: 'sh: 1: command not found\n' };
/** agent/README.md, “Uninstall”. */
const LEFT_FILES = ['/etc/firebreak/rules.nft', '/etc/firebreak/names.nft', '/etc/systemd/system/firebreak-rules.service'];
type Answer = Reply & { stderr?: string };

/** What SSH_CONNECTION says, as the machine would see it. */
export type SshConnection = { clientAddress: string; clientPort: number; serverAddress: string; serverPort: number };

/** Answers the commands that the console sends (main/services/agent-*.ts), and no others. */
export async function answerCommand(machine: FakeMachine, command: string, stdin: Duplex, connection: SshConnection): Promise<Answer> {
  const { clientAddress, clientPort, serverAddress, serverPort } = connection;
  const sshConnection = `${clientAddress} ${clientPort} ${serverAddress} ${serverPort}`;
  const words = withoutSudo(splitWords(command, { SSH_CONNECTION: sshConnection }));
  const [program = '', ...rest] = words;
  if (program.split('/').at(-1) === AGENT) return answerAgent(machine, rest, stdin, connection);
  if (program === 'getent' && rest[0] === 'ahosts') return resolveName(machine, rest[1] ?? '');
  if (program === 'printf') return meet(machine, connection);
  if (program === 'sha256sum') return sumFiles(machine, rest);
  if (program === 'sh' && rest[0] === '-c') {
    const [, script = '', , ...args] = rest;
    if (script.includes('firebreak-probe=1')) return probe(machine, script, args[0] ?? '');
    if (script.includes('firebreak-compat=1')) return compat(machine, script);
    if (script.includes('install.sh')) return install(machine, { hostId: args[0] ?? '', replace: args.includes('--replace') }, stdin);
  }
  return NOT_FOUND;
}

/** Where the machine sees the console, and its machine id: what its facts would say (main/services/meet-host.ts). */
function meet(machine: FakeMachine, { clientAddress, clientPort, serverAddress, serverPort }: SshConnection): Answer {
  const { ssh, machineId } = machine.facts({ clientAddress, serverAddress, serverPort });
  return { exitCode: 0, stdout: ssh === null ? `\n${machineId}\n` : `${ssh.clientAddress} ${clientPort} ${ssh.serverAddress} ${ssh.serverPort}\n${machineId}\n` };
}

/** As glibc's getent prints it: three lines an address, the name on the first. Exit code 2: not found. */
function resolveName(machine: FakeMachine, name: string): Answer {
  const found = machine.names.get(name);
  if (found === undefined) return { exitCode: 2, stdout: '' };
  if ('stdout' in found) return found;
  const lines = found.flatMap((address, i) => ['STREAM', 'DGRAM', 'RAW'].map((kind, j) => `${address.padEnd(15)} ${kind}${i === 0 && j === 0 ? ` ${name}` : ''}`));
  return { exitCode: 0, stdout: lines.map((line) => `${line}\n`).join('') };
}

/** The simulated hosts let their user sudo without a password. */
function withoutSudo(words: readonly string[]): readonly string[] {
  const end = words.indexOf('--');
  return words[0] === 'env' && words.includes('sudo') && end >= 0 ? words.slice(end + 1) : words;
}

async function answerAgent(machine: FakeMachine, words: readonly string[], stdin: Duplex, connection: SshConnection): Promise<Answer> {
  const { agent } = machine;
  if (agent === null) return NOT_FOUND;
  const [command = '', ...args] = words;
  const option = (name: string) => (args.includes(name) ? (args[args.indexOf(name) + 1] ?? null) : null);
  const { clientAddress, serverAddress, serverPort } = connection;
  switch (command) {
    case 'facts':
      return reply(machine.facts(args.includes('--ssh') ? { clientAddress, serverAddress, serverPort } : null));
    case 'status':
      return agent.status();
    case 'collect':
      return agent.collect();
    case 'drain':
      return agent.drain(Number(option('--after') ?? 0), args.includes('--now'));
    case 'check':
      return agent.check(await text(stdin));
    case 'apply':
      return agent.apply(await text(stdin), option('--id') ?? '', option('--by') ?? '', Number(option('--confirm-within')));
    case 'confirm':
      return agent.confirm(args[0] ?? '');
    case 'rollback':
      return agent.rollback(option('--id'), args.includes('--to-observe'));
    case 'verify':
      return agent.verify();
    case 'events':
      return agent.events(Number(option('--after') ?? 0));
    case 'latency':
      return agent.latency();
    case 'footprint':
      return agent.footprint(Number(option('--after') ?? 0));
    case 'sessions':
      return reply(machine.sessions.list(machine.nowSeconds()));
    case 'cut':
      return agent.cut(option('--id') ?? '', machine.sessions, await text(stdin), clientAddress);
    case 'witness':
      return machine.proofs === null ? NOT_FOUND : reply(await machine.proofs.witness(machine, stdin));
    case 'try':
      return machine.proofs === null ? NOT_FOUND : reply(machine.proofs.try(machine, await text(stdin)));
    case 'uninstall':
      machine.endedWith = option('--rules') ?? 'remove';
      machine.uninstall();
      return reply({ v: 1, uninstalled: true, rules: option('--rules') ?? 'remove', othersUntouched: true, changedSinceInstall: [], left: machine.endedWith === 'leave' ? LEFT_FILES : [] });
    default:
      return { exitCode: 2, stdout: `${JSON.stringify({ v: 1, error: 'USAGE', detail: 'not known to a simulated host' })}\n` };
  }
}

/** Takes the tar stream of the installer and keeps what `sha256sum` must say afterwards. */
async function install(machine: FakeMachine, { hostId, replace }: { hostId: string; replace: boolean }, stdin: Readable): Promise<Answer> {
  const files = await untar(stdin);
  const observe = readBundle(files.get('observe.nft')?.toString('utf8') ?? '');
  if ('refused' in observe) return { exitCode: 3, stdout: `${JSON.stringify({ v: 1, error: 'BUNDLE_REFUSED', detail: observe.refused })}\n` };
  if (machine.agent !== null && machine.agent.hostId !== hostId && !replace) return { exitCode: 3, stdout: `${JSON.stringify({ v: 1, error: 'OTHER_CONSOLE', detail: machine.agent.hostId })}\n` };
  for (const [name, content] of files) {
    const sum = createHash('sha256').update(content).digest('hex');
    machine.installed.set(`/usr/local/lib/firebreak/${name}`, sum);
    if (name.startsWith('units/')) machine.installed.set(`/etc/systemd/system/${name.slice('units/'.length)}`, sum);
  }
  return machine.install(hostId, files.get('VERSION')?.toString('utf8').trim() ?? 'unknown', observe).status();
}

async function untar(stream: Readable): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const entries = extract();
  Readable.from([await buffer(stream)]).pipe(entries);
  for await (const entry of entries) {
    const content = await buffer(entry);
    if (entry.header.type === 'file') files.set(entry.header.name, content);
  }
  return files;
}

/** Every tool that the script looks for is there. */
function probe({ machineId }: FakeMachine, script: string, sshConnection: string): Answer {
  const tools = (/for tool in ([^;]*);/.exec(script)?.[1] ?? '').split(' ').map((tool) => `has=${tool}`);
  return { exitCode: 0, stdout: `${['firebreak-probe=1', 'uid=0', 'system=Linux', `ssh=${sshConnection}`, `machine=${machineId}`, ...tools].join('\n')}\n` };
}

/** Every kind of rule works, and nobody else decides, unless the machine says otherwise: of a key that comes twice the first counts. */
async function compat(machine: FakeMachine, script: string): Promise<Answer> {
  await machine.compatibility.until;
  const found = [...script.matchAll(/^ {2}feature (\w+) /gm)].map(([, name]) => `feature.${name}=ok`);
  const tools = (/for tool in ([^;]*);/.exec(script)?.[1] ?? '').split(' ').map((tool) => `has=${tool}`);
  const lines = [...machine.compatibility.lines, 'has=nft', 'firebreak-compat=1', 'uid=0', 'system=Linux', 'os=simulated', 'kernel=6.1', 'nft=1.0.6', 'systemd=252', 'netAdmin=yes', 'trial=loaded', 'ipv6=on', `clock=${Math.floor(Date.now() / 1000)}`, 'freeKib=9000000', 'memoryKib=4000000', ...tools, ...found];
  return { exitCode: 0, stdout: `${lines.join('\n')}\n` };
}

function sumFiles(machine: FakeMachine, paths: readonly string[]): Answer {
  const missing = paths.filter((path) => !machine.installed.has(path));
  const stdout = paths.flatMap((path) => (machine.installed.has(path) ? [`${machine.installed.get(path)}  ${path}\n`] : [])).join('');
  return { exitCode: missing.length > 0 ? 1 : 0, stdout, stderr: missing.map((path) => `sha256sum: ${path}: No such file or directory\n`).join('') };
}

const text = async (stream: Readable) => (await buffer(stream)).toString('utf8');
