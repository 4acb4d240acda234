import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runFunctions } from '../../agent/testing/run-functions.ts';
import type { Packet } from '../../shared/policy/simulate.ts';
import { createNamespacePair, type NamespacePair, shortenConntrack } from './namespaces.ts';
import { writeProbes } from './probe-file.ts';
import { LineProgram, run } from './run.ts';

const PROBE = new URL('./probe.py', import.meta.url).pathname;
const COLLECT_TIMEOUT_SECONDS = 20;

/** Counts arrivals before our table, and keeps the namespace from answering probes: only marked packets (outbound probes) leave. */
const BYSTANDER = `
table inet oracle {
	counter arrived { }
	chain arrivals {
		type filter hook prerouting priority -400; policy accept;
		iif "b0" counter name arrived
	}
	chain zone_in {
		type filter hook prerouting priority raw; policy accept;
	}
	chain zone_out {
		type filter hook output priority raw; policy accept;
	}
	chain silence {
		type filter hook output priority -400; policy accept;
		oif "lo" accept
		meta mark != 0x77 drop
	}
}
`;

/** A conntrack zone of its own for each batch, so that no probe is taken for the reply to one of an earlier batch. */
const zoneRules = (zone: number) => ['zone_in', 'zone_out'].map((chain) => `flush chain inet oracle ${chain}\nadd rule inet oracle ${chain} ct zone set ${zone}`).join('\n');

/** The kernel's own answer to which packets pass a ruleset. Not for use by two at once. */
export class KernelOracle {
  readonly #pair: NamespacePair;
  readonly #programs: Record<'sendFrames' | 'sendRaw' | 'receiveLocal' | 'receiveFrames', LineProgram>;
  readonly #folder = mkdtempSync(join(tmpdir(), 'firebreak-oracle-'));
  #loads = 0;
  #batches = 0;

  private constructor(pair: NamespacePair) {
    this.#pair = pair;
    // Where the agent keeps what names stood for.
    mkdirSync(join(this.#folder, 'var/lib/firebreak'), { recursive: true });
    const start = (namespace: string, ...words: string[]) => new LineProgram(['ip', 'netns', 'exec', namespace, 'python3', PROBE, ...words]);
    this.#programs = {
      sendFrames: start(pair.outside, 'send-frames', pair.device, pair.hostMac),
      sendRaw: start(pair.host, 'send-raw'),
      receiveLocal: start(pair.host, 'receive-local'),
      receiveFrames: start(pair.outside, 'receive-frames', pair.device),
    };
  }

  static async start(label: string): Promise<KernelOracle> {
    const pair = createNamespacePair(label);
    const oracle = new KernelOracle(pair);
    await Promise.all([oracle.#programs.receiveLocal.nextLine(), oracle.#programs.receiveFrames.nextLine()]);
    return oracle;
  }

  /** Runs a program on the host under test; `env` is beside this process's own. */
  onHost(argv: readonly string[], input?: string, env: Readonly<Record<string, string>> = {}): string {
    return run(['ip', 'netns', 'exec', this.#pair.host, 'env', ...Object.entries(env).map(([name, value]) => `${name}=${value}`), ...argv], input);
  }

  nft(text: string): void {
    this.onHost(['nft', '-f', '-'], text);
  }

  /** Has nft forget everything but our bystander, then has `load` put in what is to be tried. */
  reload(load: () => void): void {
    this.#loads += 1;
    this.nft(`flush ruleset\n${BYSTANDER}`);
    load();
    if (this.#loads === 1) shortenConntrack(this.#pair.host);
  }

  /** Makes `bundle` the only ruleset beside our bystander. */
  load(bundle: string): void {
    this.reload(() => {
      this.nft(bundle);
      this.nft(this.#fill(bundle));
    });
  }

  /** What the agent puts into the sets that a host fills. */
  #fill(bundle: string): string {
    const path = join(this.#folder, 'bundle');
    writeFileSync(path, bundle);
    return runFunctions(['sh'], this.#folder, ['state', 'fill'], `fill_statements ${path}`);
  }

  listTable(): string {
    return this.onHost(['nft', '-j', 'list', 'table', 'inet', 'firebreak']);
  }

  /** Indexes of the packets that passed the input hook. Throws when a packet was lost on the way to it: then the answer is worth nothing. */
  async inbound(packets: readonly Packet[], isOngoing = false): Promise<Set<number>> {
    const before = this.#arrived();
    const passed = await this.#probe(packets, { sender: this.#programs.sendFrames, receiver: this.#programs.receiveLocal, isOngoing });
    const arrived = this.#arrived() - before;
    if (arrived !== packets.length + 1) throw new Error(`${packets.length + 1} packets were sent and ${arrived} arrived`);
    return passed;
  }

  /** Indexes of the packets that a process on the host could send. */
  outbound(packets: readonly Packet[], isOngoing = false): Promise<Set<number>> {
    return this.#probe(packets, { sender: this.#programs.sendRaw, receiver: this.#programs.receiveFrames, isOngoing });
  }

  /** `isOngoing`: they may belong to connections of the packets before, also over a reload. */
  async #probe(packets: readonly Packet[], { sender, receiver, isOngoing }: { readonly sender: LineProgram; readonly receiver: LineProgram; readonly isOngoing: boolean }): Promise<Set<number>> {
    const path = join(this.#folder, 'probes');
    writeProbes(path, packets, 'error');
    if (!isOngoing) this.#batches += 1;
    this.nft(zoneRules(this.#batches % 65_536));
    receiver.tell(`collect ${COLLECT_TIMEOUT_SECONDS}`);
    await sender.ask(`send ${path}`);
    const [word, list = ''] = (await receiver.nextLine()).split(' ');
    if (word !== 'got') throw new Error(`the sentinel was not seen within ${COLLECT_TIMEOUT_SECONDS} s`);
    return new Set(list === '' ? [] : list.split(',').map(Number));
  }

  #arrived(): number {
    const text = this.onHost(['nft', 'list', 'counter', 'inet', 'oracle', 'arrived']);
    return Number(/packets (\d+)/.exec(text)?.[1]);
  }

  async stop(): Promise<void> {
    await Promise.all(Object.values(this.#programs).map((program) => program.stop()));
    this.#pair.remove();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
