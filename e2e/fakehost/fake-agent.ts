import { createHash } from 'node:crypto';
import type { AgentEvent, AgentRun, AgentStatus } from '../../shared/contract/agent-replies.ts';
import { readBundle, type FakeBundle } from './fake-bundle.ts';
import type { FakeKernel } from './fake-kernel.ts';
import type { FakeSessions } from './fake-sessions.ts';

/** What a command prints and its exit code (agent/README.md). */
export type Reply = { exitCode: number; stdout: string };

export type AgentWorld = { kernel: FakeKernel; bootId: () => string; nowSeconds: () => number; cgroups: () => Record<string, string>; userNames: () => Record<string, string> };

type Pending = { id: string; by: string; bundle: FakeBundle; deadlineSeconds: number; timer: NodeJS.Timeout };
type Spooled = { seq: number; slot: string; line: string };

export const reply = (document: unknown): Reply => ({ exitCode: 0, stdout: `${JSON.stringify(document)}\n` });
const refuse = (exitCode: number, error: string, detail: string, more: object = {}): Reply => ({ exitCode, stdout: `${JSON.stringify({ v: 1, error, detail, ...more })}\n` });

/** The installed agent of one host, in memory: stores bundles, keeps the commit window by a real timer, spools snapshots. */
export class FakeAgent {
  readonly #world: AgentWorld;
  readonly #hostId: string;
  readonly #version: string;
  #epoch: string;
  #lostIn = 0;
  readonly #spool: Spooled[] = [];
  readonly #observe: FakeBundle;
  #confirmed: FakeBundle;
  #running: FakeBundle;
  #pending: Pending | null = null;
  #last: AgentStatus['last'] = null;
  #seq = 0;
  #tampered = false;
  readonly #events: AgentEvent[] = [];
  readonly #runs: AgentRun[] = [];

  constructor(world: AgentWorld, hostId: string, version: string, observe: FakeBundle) {
    this.#world = world;
    this.#hostId = hostId;
    this.#version = version;
    this.#observe = observe;
    this.#confirmed = observe;
    this.#running = observe;
    this.#epoch = sha256(`${hostId} ${world.nowSeconds()}`).slice(0, 16);
  }

  get running(): FakeBundle {
    return this.#running;
  }

  get hostId(): string {
    return this.#hostId;
  }

  check(text: string): Reply {
    const bundle = this.#accept(text);
    return 'refused' in bundle ? refuse(3, 'BUNDLE_REFUSED', bundle.refused) : reply({ v: 1, ok: true, unresolved: [] });
  }

  apply(text: string, id: string, by: string, windowSeconds: number): Reply {
    if (this.#pending !== null) return refuse(4, 'PENDING', `push ${this.#pending.id} waits`, { id: this.#pending.id, pendingId: this.#pending.id, by: this.#pending.by });
    const bundle = this.#accept(text);
    if ('refused' in bundle) return refuse(3, 'BUNDLE_REFUSED', bundle.refused);
    const timer = setTimeout(() => this.#goBack('rolled-back-timeout'), windowSeconds * 1000);
    this.#pending = { id, by, bundle, deadlineSeconds: this.#world.nowSeconds() + windowSeconds, timer };
    // The counters so far belong to the old policy.
    this.collect();
    this.#run(bundle);
    this.#record('applied', { push: id, by, bundle: bundle.hash });
    return this.status();
  }

  confirm(id: string): Reply {
    if (this.#pending?.id !== id) return refuse(5, 'NO_SUCH_PENDING', `no push ${id} waits here`);
    clearTimeout(this.#pending.timer);
    this.#confirmed = this.#pending.bundle;
    this.#pending = null;
    this.#remember(id, 'confirmed');
    this.#record('confirmed', { push: id, bundle: this.#confirmed.hash });
    return this.status();
  }

  /** As agent/README.md “Sessions”: only for the push that was confirmed last, and never a console's SSH. */
  cut(id: string, sessions: FakeSessions, text: string, consoleAddress: string): Reply {
    if (this.#pending !== null) return refuse(4, 'PENDING', `push ${this.#pending.id} waits`, { id: this.#pending.id, by: this.#pending.by });
    if (this.#last?.id !== id || this.#last.event !== 'confirmed' || this.#running.mode !== 'enforce') return refuse(3, 'NOT_CONFIRMED', `push ${id} is not the one that was confirmed last`);
    const done = sessions.cut(text, ({ localPort, peer }) => localPort === 22 && peer === consoleAddress);
    if (done === null) return refuse(2, 'USAGE', 'cut reads lines PROTOCOL LOCAL PORT PEER PORT');
    const { asked, cut, kept, gone } = done;
    if (asked > 0) this.#record('sessions-cut', { push: id, count: cut, forgotten: 0, failed: 0, kept });
    return reply({ v: 1, asked, cut, forgotten: 0, failed: 0, kept, gone });
  }

  /** Back to the confirmed rules; `toObserve` first makes the rules that block nothing the confirmed ones. */
  rollback(id: string | null, toObserve: boolean): Reply {
    if (id !== null && this.#pending?.id !== id) return refuse(5, 'NO_SUCH_PENDING', `no push ${id} waits here`);
    if (toObserve) this.#confirmed = this.#observe;
    this.#goBack('rolled-back-asked');
    return this.status();
  }

  /** The host restarted: what was not confirmed is gone. */
  boot(): void {
    if (this.#pending !== null) this.#goBack('rolled-back-boot');
  }

  /** Somebody changed the rules by hand: the kernel's hash is no longer what was loaded. */
  tamper(): void {
    this.#tampered = true;
  }

  /** The kernel counted this many packets that no recording set had room for. */
  lose(packets: number): void {
    this.#lostIn += packets;
  }

  /** The table was made anew: its counters begin at nothing. */
  startEpoch(): void {
    this.#epoch = sha256(`${this.#epoch} ${this.#world.nowSeconds()}`).slice(0, 16);
    this.#lostIn = 0;
  }

  stop(): void {
    clearTimeout(this.#pending?.timer);
  }

  status(): Reply {
    const kernelHash = sha256(`rules of ${this.#running.hash}`);
    const now = this.#world.nowSeconds();
    const pending = this.#pending;
    const status: AgentStatus = {
      v: 1,
      agentVersion: this.#version,
      hostId: this.#hostId,
      bootId: this.#world.bootId(),
      clock: Math.floor(now),
      bundleSeq: 0,
      pinned: true,
      eventSeq: this.#events.at(-1)?.seq ?? null,
      footprintSeq: this.#runs.at(-1)?.seq ?? null,
      loaded: true,
      runningBundle: this.#running.hash,
      runningMode: this.#running.mode,
      runningSeq: this.#running.policy,
      confirmedBundle: this.#confirmed.hash,
      confirmedSeq: this.#confirmed.policy,
      kernelHash: this.#tampered ? sha256('somebody changed it') : kernelHash,
      expectedKernelHash: kernelHash,
      pending: pending === null ? null : { id: pending.id, by: pending.by, bundle: pending.bundle.hash, deadline: Math.floor(pending.deadlineSeconds), secondsLeft: Math.max(0, Math.ceil(pending.deadlineSeconds - now)) },
      last: this.#last,
      timerEnabled: true,
      bootUnitEnabled: true,
      spoolBytes: this.#spool.reduce((sum, entry) => sum + entry.line.length, 0),
      spoolFiles: this.#spool.length,
    };
    return reply(status);
  }

  /** What `verify` does to changed rules; nothing else can be changed here. */
  verify(): Reply {
    this.#measure('verify', 50);
    const found = this.#tampered && this.#pending === null ? 'rules' : '';
    if (found !== '') {
      this.#run(this.#confirmed);
      this.#record('tampered', { what: 'rules', difference: 'somebody changed it', process: 'unknown', confidence: 'unknown' });
      this.#record('restored', { what: 'rules', from: 'confirmed.nft', bundle: this.#confirmed.hash });
    }
    return reply({ v: 1, found, unrepaired: '', skipped: this.#pending !== null });
  }

  events(after: number): Reply {
    return { exitCode: 0, stdout: this.#events.filter((event) => event.seq > after).map((event) => `${JSON.stringify(event)}\n`).join('') };
  }

  /** What a run would have taken on a small machine; the drained bytes are the real ones. */
  footprint(after: number): Reply {
    const lines = this.#runs.filter((run) => run.seq > after).map((run) => `${JSON.stringify(run)}\n`);
    const storedBytes = 210_000 + this.#spool.reduce((sum, entry) => sum + Math.round(entry.line.length / 8), 0);
    return { exitCode: 0, stdout: `${lines.join('')}${JSON.stringify({ v: 1, storedBytes })}\n` };
  }

  /** Nothing is measured here: figures of a small machine. */
  latency(): Reply {
    return reply({ v: 1, bundle: this.#running.hash, connects: 2000, withoutP50Us: 18, withoutP99Us: 32, withP50Us: 21, withP99Us: 53 });
  }

  #measure(command: string, cpuMs: number, more: Partial<AgentRun> = {}): void {
    const at = Math.floor(this.#world.nowSeconds());
    this.#runs.push({ v: 1, seq: (this.#runs.at(-1)?.seq ?? at) + 1, at, command, exit: 0, cpuMs, wallMs: cpuMs * 2, peakBytes: null, sentBytes: null, ...more });
    if (this.#runs.length > 640) this.#runs.shift();
  }

  /** One snapshot an hour for each bundle: the latest wins. */
  collect(): Reply {
    this.#measure('collect', 120 + (this.#seq % 7) * 5, { peakBytes: 19_000_000 + (this.#seq % 5) * 400_000 });
    const { kernel, bootId, cgroups, userNames } = this.#world;
    const now = this.#world.nowSeconds();
    const seq = ++this.#seq;
    const slot = `${Math.floor(now / 3600)} ${this.#running.hash}`;
    const users = Object.fromEntries(kernel.uids().map((uid) => [String(uid), userNames()[String(uid)] ?? String(uid)]));
    const counters = { lost_in: this.#lostIn, lost_out: 0, lost_fwd: 0, invalid_in: 0, invalid_out: 0, midstream: 0 };
    const head = { v: 1, seq, at: Math.floor(now), bootId: bootId(), epoch: this.#epoch, bundle: this.#running.hash, mode: this.#running.mode, cgroups: cgroups(), users, counters };
    const sameSlot = this.#spool.findIndex((entry) => entry.slot === slot);
    if (sameSlot >= 0) this.#spool.splice(sameSlot, 1);
    this.#spool.push({ seq, slot, line: JSON.stringify({ ...head, sets: kernel.list(now) }) });
    return reply({ v: 1, seq });
  }

  drain(after: number, takeNow: boolean): Reply {
    if (takeNow) this.collect();
    const stdout = this.#spool.filter((entry) => entry.seq > after).map((entry) => `${entry.line}\n`).join('');
    this.#measure('drain', 90, { sentBytes: stdout.length });
    return { exitCode: 0, stdout };
  }

  #accept(text: string): FakeBundle | { refused: string } {
    const bundle = readBundle(text);
    if ('refused' in bundle || bundle.hostId === this.#hostId) return bundle;
    return { refused: `it is for host ${bundle.hostId}` };
  }

  #goBack(event: string): void {
    const id = this.#pending?.id ?? 'none';
    clearTimeout(this.#pending?.timer);
    if (this.#pending !== null) this.collect();
    this.#pending = null;
    this.#run(this.#confirmed);
    this.#remember(id, event);
    this.#record('rolled-back', { push: id, because: event.replace('rolled-back-', ''), bundle: this.#running.hash });
  }

  #run(bundle: FakeBundle): void {
    this.#running = bundle;
    this.#tampered = false;
  }

  #record(event: string, fields: AgentEvent['fields']): void {
    const at = Math.floor(this.#world.nowSeconds());
    this.#events.push({ v: 1, seq: (this.#events.at(-1)?.seq ?? at) + 1, at, event, fields });
  }

  #remember(id: string, event: string): void {
    this.#last = { id, event, at: Math.floor(this.#world.nowSeconds()) };
  }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
