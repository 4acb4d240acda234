import { createHash } from 'node:crypto';
import type { AgentFacts, AgentPosture } from '../../shared/contract/agent-replies.ts';
import { FakeAgent } from './fake-agent.ts';
import { FakeKernel } from './fake-kernel.ts';
import type { FakeProofs } from './fake-proofs.ts';
import { FakeSessions } from './fake-sessions.ts';
import { familyOf, uidOf, type FakeHostSpec, type FakeOutcome, type Judge, type Passage } from './fake-host-spec.ts';

/** The machine behind one SSH server of the fleet: its kernel's counters, its agent if there is one, its facts. */
export class FakeMachine {
  readonly spec: FakeHostSpec;
  readonly #kernel = new FakeKernel();
  readonly #cgroupIds = new Map<string, string>();
  readonly #judge: Judge;
  readonly #nowSeconds: () => number;
  #boots = 0;
  /** Files that the install left, for `sha256sum`: remote path → sha256. */
  installed = new Map<string, string>();
  agent: FakeAgent | null = null;
  /** What it says that it is, and which addresses it says that it has, from now on. */
  machineId: string;
  addresses: readonly string[];
  /** Where it is not kept well; null: its agent is of before, and does not tell. */
  posture: Partial<AgentPosture> | null = {};
  readonly sessions = new FakeSessions();
  /** How it tries connections to others of its fleet; null: it is in none. */
  proofs: FakeProofs | null = null;
  /** Lines that the compatibility check reads before the good ones, and what it waits for. */
  compatibility: { readonly lines: readonly string[]; readonly until: Promise<unknown> } = { lines: [], until: Promise.resolve() };
  /** What its resolver says: a name to its addresses, or to what getent prints, whatever that is. A name that is not there is not known. */
  readonly names = new Map<string, readonly string[] | { readonly exitCode: number; readonly stdout: string }>();
  /** `--rules` of the last uninstall. */
  endedWith: string | null = null;

  constructor(spec: FakeHostSpec, judge: Judge, nowSeconds: () => number) {
    this.spec = spec;
    this.machineId = digest(`machine ${spec.name}`, 32);
    this.addresses = spec.addresses;
    this.#judge = judge;
    this.#nowSeconds = nowSeconds;
    for (const service of spec.listens) this.#cgroupOf(service.unit);
  }

  /** Puts an agent there; one that is there already keeps its confirmed policy, as a real re-install does. */
  install(hostId: string, version: string, observe: ConstructorParameters<typeof FakeAgent>[3]): FakeAgent {
    if (this.agent?.hostId === hostId) return this.agent;
    this.agent?.stop();
    const world = { kernel: this.#kernel, bootId: () => this.#bootId(), nowSeconds: this.#nowSeconds, cgroups: () => Object.fromEntries([...this.#cgroupIds].map(([unit, id]) => [id, `/system.slice/${unit}`])), userNames: () => this.#userNames() };
    this.agent = new FakeAgent(world, hostId, version, observe);
    return this.agent;
  }

  uninstall(): void {
    this.agent?.stop();
    this.agent = null;
    this.installed.clear();
  }

  nowSeconds(): number {
    return this.#nowSeconds();
  }

  reboot(): void {
    this.#boots += 1;
    this.agent?.boot();
  }

  /** Sends one new connection through this host's rules: counted when an agent records it, then let through or not. */
  pass(passage: Passage): FakeOutcome {
    const { direction, source, destination, protocol, port } = passage;
    const service = this.spec.listens.find((listening) => listening.protocol === protocol && listening.port === port);
    const unanswered = direction === 'in' && service === undefined ? 'refused' : 'connected';
    if (this.agent === null) return unanswered;
    const { mode, text, policy } = this.agent.running;
    const judged = mode !== 'observe';
    const allowed = !judged || this.#judge({ hostName: this.spec.name, hostId: this.agent.hostId, direction, bundleText: text, policyVersion: policy, mode, packet: { source, destination, protocol, port } });
    const blocked = !allowed && mode !== 'test';
    const unit = direction === 'in' ? (service?.unit ?? null) : passage.unit;
    const conversation = {
      direction,
      peer: direction === 'in' ? source : destination,
      protocol,
      port,
      uid: passage.user === null ? null : uidOf(passage.user),
      cgroup: unit === null ? null : this.#cgroupOf(unit),
      // A SYN that is dropped is sent again after a second; one that is rejected is not.
      packets: blocked && direction === 'in' ? 2 : 1,
    };
    if (passage.user !== null) this.#users.add(passage.user);
    this.#kernel.record(conversation, { missed: !allowed, blocked }, this.#nowSeconds());
    if (!blocked) return unanswered;
    return direction === 'in' ? 'timeout' : 'refused';
  }

  facts(ssh: AgentFacts['ssh']): AgentFacts {
    const { spec } = this;
    return {
      v: 1,
      hostname: spec.name,
      machineId: this.machineId,
      bootId: this.#bootId(),
      clock: Math.floor(this.#nowSeconds()),
      os: { id: 'debian', version: '12', name: 'Debian GNU/Linux 12 (bookworm), simulated' },
      kernel: '6.1.0-31-amd64',
      arch: 'x86_64',
      nftVersion: '1.0.6',
      shell: 'dash',
      systemd: true,
      addresses: this.addresses.map((address) => ({ interface: 'eth0', family: familyOf(address), address, prefix: familyOf(address) === 4 ? 24 : 64, scope: 'global' })),
      ssh,
      resolvers: [],
      timeServers: [],
      listening: spec.listens.map((service, index) => ({ protocol: service.protocol, address: '0.0.0.0', port: service.port, process: service.process, pid: 400 + index, uid: uidOf(service.user), user: service.user, unit: service.unit })),
      firewalls: [],
      features: { typeof: true, cgroupv2: true },
      timers: [],
      ...(this.posture === null ? {} : { posture: this.#tellPosture(this.posture) }),
    };
  }

  #tellPosture(short: Partial<AgentPosture>): AgentPosture {
    const listsAt = Math.floor(this.#nowSeconds()) - 86_400;
    return { secureBoot: true, securityUpdates: 0, updateListsAt: listsAt, rebootRequired: false, diskEncryption: [{ mount: '/', encrypted: true }], edr: ['falcon-sensor'], ...short };
  }

  readonly #users = new Set<string>(['root']);

  #userNames(): Record<string, string> {
    return Object.fromEntries([...this.#users].map((user) => [String(uidOf(user)), user]));
  }

  #bootId(): string {
    return digest(`boot ${this.spec.name} ${this.#boots}`, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }

  /** Cgroup ids are inode numbers: any, but one for each unit. */
  #cgroupOf(unit: string): string {
    const known = this.#cgroupIds.get(unit);
    if (known !== undefined) return known;
    const id = String(2000 + this.#cgroupIds.size * 37);
    this.#cgroupIds.set(unit, id);
    return id;
  }
}

const digest = (text: string, length: number) => createHash('sha256').update(text).digest('hex').slice(0, length);
