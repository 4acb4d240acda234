import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ServerChannel } from 'ssh2';
import { createWorkspace } from '../../main/db/create-workspace.ts';
import { installAgents } from '../../main/services/agent-service.ts';
import { type Backend, createBackend } from '../../main/services/backend.ts';
import { editDraft } from '../../main/services/draft.ts';
import { trustKey } from '../../main/services/host-trust.ts';
import { addHost } from '../../main/services/inventory.ts';
import { getHost } from '../../main/services/find-host.ts';
import { boundAnswer } from '../../main/services/look-up.ts';
import { createNewId } from '../../main/services/new-id.ts';
import { preparePlan } from '../../main/services/plan-service.ts';
import { type PushInput, startPush } from '../../main/services/push-service.ts';
import { createSshPool, type SshPool } from '../../main/ssh/ssh-pool.ts';
import { AgentStatus } from '../../shared/contract/agent-replies.ts';
import type { Push } from '../../shared/model/diff.ts';
import type { Policy } from '../../shared/model/policy.ts';
import { answerCommand } from './fake-login-shell.ts';
import type { Judge } from './fake-host-spec.ts';
import { FakeMachine } from './fake-machine.ts';
import { FakeProofs } from './fake-proofs.ts';
import { type FakeCommand, type FakeSshd, makeKeyPair, startFakeSshd } from './fake-sshd.ts';
import { splitWords } from './split-words.ts';

/**
 * What a host does wrong with one command of the agent, or one program: never answers (having done it or not), drops the connection, or says something else.
 * `lie` does it and says what `reply` makes of the true answer; `refuse` says so without doing it. `flood` sends that many bytes instead of an answer, or as many as are taken; `bytes` sends just these. `wait` answers once `until` resolves.
 */
export type Fault = { command: string; /** Only once this command has arrived. */ after?: string } & ({ kind: 'hang-before' | 'hang-after' | 'drop-before' | 'drop-after' } | { kind: 'refuse' | 'lie'; reply: (stdout: string) => { exitCode: number; stdout: string } } | { kind: 'flood'; amount: number } | { kind: 'bytes'; bytes: Uint8Array } | { kind: 'wait'; until: Promise<void> });

/** A host that lets no new connection of the console do anything once its rules are loaded: the proof fails, and nobody can ask it. */
export const shutOnceLoaded = (kind: 'hang-before' | 'drop-before'): Fault[] => ['printf', 'status'].map((command) => ({ command, after: 'apply', kind }));

/** A simulated host that tests can make misbehave. `faults` are kept until removed. */
export type PushHostKit = {
  readonly name: string;
  readonly machine: FakeMachine;
  readonly faults: Fault[];
  /** Agent commands that arrived, oldest first. */
  readonly commands: string[];
  /** Called when a command of the agent arrives, or another program's name, before it is carried out. */
  onCommand: (command: string) => void;
  sshd: FakeSshd;
  status(): AgentStatus;
  /** Another host answers at the same port from now on. */
  changeKey(): Promise<void>;
  /** Nothing listens there any more; and the same host does again. */
  leave(): Promise<void>;
  comeBack(): Promise<void>;
};

export type PushKit = {
  readonly workspacePath: string;
  readonly hosts: readonly PushHostKit[];
  readonly backend: Backend;
  readonly clock: { nowMs: number };
  /** What the console's DNS knows. */
  readonly dns: Map<string, readonly string[]>;
  host(index: number): PushHostKit;
  /** A console on the same workspace, as another process would open it; closed with the kit. */
  openBackend(): Backend;
  setPolicy(policy: Policy): void;
  /** Plans and pushes now, and gives every state that was published. */
  push(input?: Partial<PushInput>): Promise<Push[]>;
  close(): Promise<void>;
};

export const KIT_PASSWORD = 'let me in';
const CONSOLE_ADDRESS = '10.77.0.1';
const HANG_TIMEOUT_MS = 200;

/** `judge` says what rules that enforce let through. `count` hosts named host-1 … with an installed, observing agent, and a workspace that knows them. Time stands still unless something waits. */
export async function startPushKit(count: number, judge: Judge = () => true): Promise<PushKit> {
  const clock = { nowMs: Date.UTC(2026, 10, 21) };
  const workDir = mkdtempSync(join(tmpdir(), 'firebreak-push-'));
  const workspacePath = join(workDir, 'test.firebreak');
  createWorkspace(workspacePath);
  const hosts = await Promise.all(Array.from({ length: count }, (_, index) => startHost(index + 1, clock, judge)));
  const proofs = new FakeProofs(hosts.map(({ machine }) => machine));
  for (const { machine } of hosts) machine.proofs = proofs;
  const backends: Backend[] = [];
  const dns = new Map<string, readonly string[]>();
  const openBackend = (): Backend => {
    const pool = createSshPool({ maxConnections: 32 });
    const backend = createBackend({
      workspacePath,
      user: 'ada',
      nowMs: () => clock.nowMs,
      newId: createNewId(),
      wait: async (durationMs) => {
        clock.nowMs += durationMs;
        expireWindows(hosts, clock);
        await nextTurn();
      },
      sshPool: impatient(pool, hosts),
      lookUp: (name) => Promise.resolve(dns.has(name) ? boundAnswer(dns.get(name) ?? []) : { addresses: [], problem: 'no DNS server answered' }),
    });
    for (const host of hosts) {
      if (backends.length > 0) backend.secrets.set(getHost(backend, host.name).id, { sshPassword: KIT_PASSWORD, sudoPassword: null });
    }
    backends.push(backend);
    return backend;
  };
  const backend = openBackend();
  for (const host of hosts) enroll(backend, host);
  for await (const event of await installAgents(backend, { kind: 'all' })) {
    const failed = event.type === 'done' ? event.result.hosts.find((host) => !host.ok) : undefined;
    if (failed !== undefined) throw new Error(`${failed.hostName}: ${failed.text}`);
  }
  return {
    workspacePath,
    hosts,
    backend,
    clock,
    dns,
    openBackend,
    host: (index) => get(hosts, index),
    setPolicy: (policy) => editDraft(backend, { action: 'policy.importText', subject: 'test', detail: '' }, () => ({ policy, result: undefined })),
    push: (input = {}) => collectStates(startPush(backend, { planHash: preparePlan(backend, input.zone ?? null).plan.hash, zone: null, note: 'a test', confirmWithinSeconds: 60, ...input })),
    close: async () => {
      await Promise.all(backends.map((one) => one.close()));
      await Promise.all(hosts.map((host) => host.sshd.close()));
      for (const host of hosts) host.machine.uninstall();
      rmSync(workDir, { recursive: true, force: true });
    },
  };
}

export async function collectStates(states: AsyncIterable<Push>): Promise<Push[]> {
  const all: Push[] = [];
  for await (const push of states) all.push(push);
  return all;
}

function get(hosts: readonly PushHostKit[], index: number): PushHostKit {
  const host = hosts[index];
  if (host === undefined) throw new Error(`the kit has no host ${index}`);
  return host;
}

function enroll(backend: Backend, host: PushHostKit): void {
  const { name, sshd } = host;
  const ssh = { address: '127.0.0.1', port: sshd.port, user: 'ops', identity: { kind: 'password' as const }, sudo: 'none' as const, jump: null };
  addHost(backend, { name, ssh, addresses: [], labels: { role: name, app: 'shop' }, note: '' });
  trustKey(backend, name, sshd.hostKey, false);
  backend.secrets.set(getHost(backend, name).id, { sshPassword: KIT_PASSWORD, sudoPassword: null });
}

async function startHost(number: number, clock: { nowMs: number }, judge: Judge): Promise<PushHostKit> {
  const spec = { name: `host-${number}`, addresses: [`10.77.0.${10 + number}`], listens: [{ protocol: 'tcp' as const, port: 8080, process: 'nginx', user: 'www-data', unit: 'nginx.service' }] };
  const machine = new FakeMachine(spec, judge, () => clock.nowMs / 1000);
  const connection = { clientAddress: CONSOLE_ADDRESS, clientPort: 40_022, serverAddress: spec.addresses[0] ?? '', serverPort: 22 };
  const faults: Fault[] = [];
  const commands: string[] = [];
  const arrived = (words: readonly string[]) => {
    const command = agentCommandOf(words);
    if (command !== null) commands.push(command);
    host.onCommand(nameOf(words));
  };
  const script = { onExec: (command: FakeCommand) => void answer({ machine, faultOf: (words) => findFault({ faults, commands }, nameOf(words)), arrived, connection }, command) };
  const hostKeys = [makeKeyPair().private];
  const host: PushHostKit = {
    name: spec.name,
    machine,
    faults,
    commands,
    onCommand: () => {},
    sshd: await startFakeSshd({ ...script, hostKeys }),
    status: () => AgentStatus.parse(JSON.parse(machine.agent?.status().stdout ?? '')),
    leave: () => host.sshd.close(),
    comeBack: async () => {
      host.sshd = await startFakeSshd({ ...script, hostKeys }, host.sshd.port);
    },
    changeKey: async () => {
      const { port } = host.sshd;
      await host.sshd.close();
      host.sshd = await startFakeSshd({ ...script, hostKeys: [makeKeyPair().private] }, port);
    },
  };
  return host;
}

const findFault = ({ faults, commands }: Pick<PushHostKit, 'faults' | 'commands'>, name: string): Fault | undefined =>
  faults.find((fault) => fault.command === name && (fault.after === undefined || commands.includes(fault.after)));

type HostScript = { machine: FakeMachine; faultOf: (words: readonly string[]) => Fault | undefined; arrived: (words: readonly string[]) => void; connection: Parameters<typeof answerCommand>[3] };

async function answer({ machine, faultOf, arrived, connection }: HostScript, { command, channel, connection: client }: FakeCommand): Promise<void> {
  const words = splitWords(command, {});
  const fault = faultOf(words);
  arrived(words);
  if (fault?.kind === 'hang-before') return;
  if (fault?.kind === 'wait') await fault.until;
  if (fault?.kind === 'drop-before') return void client.end();
  if (fault?.kind === 'flood') return flood(channel, fault.amount);
  if (fault?.kind === 'bytes') return void channel.end(fault.bytes);
  const done = fault?.kind === 'refuse' ? fault.reply('') : await answerCommand(machine, command, channel, connection);
  if (fault?.kind === 'hang-after') return;
  if (fault?.kind === 'drop-after') return void client.end();
  const { exitCode, stdout } = fault?.kind === 'lie' ? fault.reply(done.stdout) : done;
  channel.write(stdout);
  channel.exit(exitCode);
  channel.end();
}

const CHUNK = Buffer.alloc(256 * 1024, 'x');

/** As fast as it is taken, and no faster. */
async function flood(channel: ServerChannel, amount: number): Promise<void> {
  for (let sent = 0; sent < amount && channel.writable; sent += CHUNK.length) {
    if (!channel.write(CHUNK)) await Promise.race([once(channel, 'drain'), once(channel, 'close')]);
  }
  channel.end();
}

/** What `Fault.command` and `onCommand` call it. */
const nameOf = (words: readonly string[]): string => agentCommandOf(words) ?? words[0] ?? '';

function agentCommandOf(words: readonly string[]): string | null {
  return words[0]?.endsWith('/firebreak-agent') === true ? (words[1] ?? null) : null;
}

/** The hosts' rollback timers, by the kit's clock. */
function expireWindows(hosts: readonly PushHostKit[], clock: { nowMs: number }): void {
  for (const { machine } of hosts) {
    if (machine.agent === null) continue;
    const { pending } = AgentStatus.parse(JSON.parse(machine.agent.status().stdout));
    if (pending !== null && pending.deadline * 1000 <= clock.nowMs) machine.agent.rollback(pending.id, false);
  }
}

/** Nobody waits long for a host that is told to hang; all others get the time that the console gives them. */
function impatient(pool: SshPool, hosts: readonly PushHostKit[]): SshPool {
  const hangs = (hostName: string, words: readonly string[]) => {
    const host = hosts.find((one) => one.name === hostName);
    return host !== undefined && findFault(host, nameOf(words))?.kind.startsWith('hang') === true;
  };
  return {
    ...pool,
    run: (target, request, options) => pool.run(target, hangs(target.hostName, request.argv) ? { ...request, timeoutMs: HANG_TIMEOUT_MS } : request, options),
    showKey: (target, options) => pool.showKey(target, options),
    close: () => pool.close(),
  };
}
