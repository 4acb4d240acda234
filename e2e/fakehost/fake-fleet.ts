import type { HostKey } from '../../shared/model/host.ts';
import { type FakeCommand, makeKeyPair, type SshdScript, startFakeSshd } from './fake-sshd.ts';
import { familyOf, type FakeConnection, type FakeHostSpec, type FakeOutcome, type Judge, uidOf } from './fake-host-spec.ts';
import { answerCommand } from './fake-login-shell.ts';
import { FakeMachine } from './fake-machine.ts';
import { FakeProofs } from './fake-proofs.ts';
import type { FakeWire } from './fake-sessions.ts';

export type FakeFleetOptions = {
  hosts: readonly FakeHostSpec[];
  /** Decides for every connection at hosts in test or enforce; the demo passes the policy simulator. */
  judge: Judge;
  /** The console's address as the hosts see it (SSH_CONNECTION). Default 10.77.0.1. */
  consoleAddress?: string;
  /** Epoch seconds; default the real clock. The rollback timer is always real. */
  nowSeconds?: () => number;
};

export type FakeFleetHost = {
  name: string;
  /** Where its SSH server listens. It takes any key and any password. */
  address: string;
  port: number;
  hostKey: HostKey;
  addresses: readonly string[];
  /** How many connections and commands have reached it so far. */
  contacts: () => number;
  /** Loses what was not confirmed; drops every connection. */
  reboot: () => void;
  /** The network cable: out, the server drops everybody and answers nobody. */
  setCable: (state: 'in' | 'out') => void;
  /** Off, nothing listens at its port any more; on, the same host does again, with what it had confirmed. */
  setPower: (state: 'on' | 'off') => Promise<void>;
  /** Somebody edits the rules by hand. */
  tamper: () => void;
  /** What agent/lib/facts-compat.sh says from now on, before what a good host says, and after `until`. */
  answerCheck: (lines: readonly string[], until?: Promise<unknown>) => void;
  /** What its resolver says of a name from now on. */
  answerName: (name: string, addresses: readonly string[]) => void;
  /** Its machine id, addresses and posture (where it is not kept well) from now on. */
  becomes: (machine: { machineId?: string; addresses?: readonly string[]; posture?: FakeMachine['posture'] }) => void;
  /** As a reinstallation leaves it: without an agent, with another machine id, behind the same key. */
  makeAnew: () => void;
  /** `--rules` of the last uninstall; null before. */
  endedWith: () => string | null;
};

export type FakeFleet = {
  hosts: readonly FakeFleetHost[];
  /** One connection from a process of one host to another, through the rules that both run. */
  connect: (connection: FakeConnection) => FakeOutcome;
  /** The same, and it stays open until one of its hosts cuts it. Throws when it does not connect. */
  hold: (connection: FakeConnection) => { isAlive: () => boolean };
  close: () => Promise<void>;
};

/** SSH servers in this process, one a host, whose agents keep everything in memory and enforce nothing for real. */
export async function startFakeFleet(options: FakeFleetOptions): Promise<FakeFleet> {
  const { judge, consoleAddress = '10.77.0.1', nowSeconds = () => Date.now() / 1000 } = options;
  const machines = options.hosts.map((spec) => new FakeMachine(spec, judge, nowSeconds));
  const proofs = new FakeProofs(machines);
  for (const machine of machines) machine.proofs = proofs;
  let clientPort = 50_000;
  const started = await Promise.all(machines.map((machine) => startHost(machine, consoleAddress)));
  return {
    hosts: started.map(({ host }) => host),
    connect: (connection) => connectHosts(machines, connection),
    hold: (connection) => {
      clientPort += 1;
      return holdSession(machines, connection, clientPort);
    },
    close: async () => {
      for (const machine of machines) machine.uninstall();
      await Promise.all(started.map(({ close }) => close()));
    },
  };
}

async function startHost(machine: FakeMachine, consoleAddress: string): Promise<{ host: FakeFleetHost; close: () => Promise<void> }> {
  let cable: 'in' | 'out' = 'in';
  const connectionText = { clientAddress: consoleAddress, clientPort: 40_022, serverAddress: machine.spec.addresses[0] ?? '', serverPort: 22 };
  const script: SshdScript = {
    hostKeys: [makeKeyPair().private],
    onSocket: (socket) => {
      if (cable === 'out') socket.destroy();
      return cable === 'out';
    },
    onExec: (command) => void answer(machine, command, connectionText),
  };
  let sshd = await startFakeSshd(script);
  const host: FakeFleetHost = {
    name: machine.spec.name,
    address: '127.0.0.1',
    port: sshd.port,
    hostKey: sshd.hostKey,
    addresses: machine.spec.addresses,
    contacts: () => sshd.log.sockets + sshd.log.commands.length,
    reboot: () => {
      machine.reboot();
      sshd.dropAll();
    },
    setCable: (state) => {
      cable = state;
      if (state === 'out') sshd.dropAll();
    },
    setPower: async (state) => {
      await sshd.close();
      if (state === 'on') sshd = await startFakeSshd(script, sshd.port);
    },
    tamper: () => machine.agent?.tamper(),
    answerCheck: (lines, until = Promise.resolve()) => {
      machine.compatibility = { lines, until };
    },
    answerName: (name, addresses) => void machine.names.set(name, addresses),
    becomes: ({ machineId = machine.machineId, addresses = machine.addresses, posture = machine.posture }) => {
      machine.machineId = machineId;
      machine.addresses = addresses;
      machine.posture = posture;
    },
    makeAnew: () => {
      machine.uninstall();
      machine.machineId = [...machine.machineId].toReversed().join('');
    },
    endedWith: () => machine.endedWith,
  };
  return { host, close: () => sshd.close() };
}

async function answer(machine: FakeMachine, { command, channel }: FakeCommand, connection: Parameters<typeof answerCommand>[3]): Promise<void> {
  const failed = (error: unknown) => ({ exitCode: 70, stdout: '', stderr: `the simulated host failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n` });
  const { exitCode, stdout, stderr } = await answerCommand(machine, command, channel, connection).catch(failed);
  channel.write(stdout);
  if (stderr !== undefined) channel.stderr.write(stderr);
  channel.exit(exitCode);
  channel.end();
}

function connectHosts(machines: readonly FakeMachine[], connection: FakeConnection): FakeOutcome {
  const { from, to, protocol, port, family = 4, user, unit } = connection;
  const find = (name: string) => machines.find((machine) => machine.spec.name === name);
  const addressOf = (name: string) => find(name)?.spec.addresses.find((address) => familyOf(address) === family) ?? (find(name) === undefined ? name : undefined);
  const [source, destination] = [addressOf(from), addressOf(to)];
  if (source === undefined || destination === undefined) return 'unreachable';
  const common = { source, destination, protocol, port };
  const out = find(from)?.pass({ ...common, direction: 'out', user, unit }) ?? 'connected';
  if (out !== 'connected') return out;
  return find(to)?.pass({ ...common, direction: 'in', user: null, unit: null }) ?? 'connected';
}

/** Both machines get the open connection into their tables; an end outside of the fleet has none. */
function holdSession(machines: readonly FakeMachine[], connection: FakeConnection, clientPort: number): { isAlive: () => boolean } {
  const outcome = connectHosts(machines, connection);
  const { from, to, protocol, port, family = 4, user, unit } = connection;
  const [source, destination] = [from, to].map((name) => ({ machine: machines.find(({ spec }) => spec.name === name), name }));
  const addressOf = (end: typeof source) => end?.machine?.spec.addresses.find((address) => familyOf(address) === family) ?? end?.name ?? '';
  if (outcome !== 'connected') throw new Error(`${from} → ${to}:${port}: ${outcome}`);
  const wire: FakeWire = { alive: true };
  const common = { protocol, path: 'local' as const, ageSeconds: null };
  const service = destination?.machine?.spec.listens.find((one) => one.protocol === protocol && one.port === port);
  source?.machine?.sessions.add(
    { ...common, direction: 'out', local: addressOf(source), localPort: clientPort, peer: addressOf(destination), peerPort: port, uid: uidOf(user), user, process: null, unit },
    wire,
  );
  destination?.machine?.sessions.add(
    {
      ...common,
      direction: 'in',
      local: addressOf(destination),
      localPort: port,
      peer: addressOf(source),
      peerPort: clientPort,
      uid: service === undefined ? null : uidOf(service.user),
      user: service?.user ?? null,
      process: service?.process ?? null,
      unit: service?.unit ?? null,
    },
    wire,
  );
  return { isAlive: () => wire.alive };
}
