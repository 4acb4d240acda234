import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Packet } from '../../shared/policy/simulate.ts';
import { CONTAINER, createForwardingNamespaces, type ForwardingNamespaces, macOf } from './forward-namespaces.ts';
import { shortenConntrack } from './namespaces.ts';
import { writeProbes } from './probe-file.ts';
import { LineProgram, run } from './run.ts';

const PROBE = new URL('./probe.py', import.meta.url).pathname;
const COLLECT_TIMEOUT_SECONDS = 20;

/** Counts arrivals, and has a conntrack zone of its own for each batch. The router itself says nothing. */
const BYSTANDER = `
table inet oracle {
	counter arrived { }
	chain arrivals { type filter hook prerouting priority -400; policy accept; iif "b0" counter name arrived; }
	chain zone { type filter hook prerouting priority raw; policy accept; }
	chain quiet { type filter hook output priority -400; policy drop; }
}
`;

/** The kernel's own answer to what a router with an exported ruleset passes on. Not for use by two at once. */
export class GatewayOracle {
  readonly #namespaces: ForwardingNamespaces;
  readonly #sender: LineProgram;
  readonly #receiver: LineProgram;
  readonly #folder = mkdtempSync(join(tmpdir(), 'firebreak-gateway-'));
  #batches = 0;

  private constructor(namespaces: ForwardingNamespaces) {
    this.#namespaces = namespaces;
    const { outside, host, container } = namespaces;
    for (const words of [['route', 'add', '10.0.0.0/8', 'via', CONTAINER[4], 'dev', 'c0'], ['-6', 'route', 'add', 'fd00::/16', 'via', CONTAINER[6], 'dev', 'c0']]) run(['ip', '-n', host, ...words]);
    const start = (namespace: string, ...words: string[]) => new LineProgram(['ip', 'netns', 'exec', namespace, 'python3', PROBE, ...words]);
    this.#sender = start(outside, 'send-frames', 'a0', macOf(host, 'b0'));
    this.#receiver = start(container, 'receive-frames', 'd0');
  }

  static async start(label: string): Promise<GatewayOracle> {
    const oracle = new GatewayOracle(createForwardingNamespaces(label));
    await oracle.#receiver.nextLine();
    return oracle;
  }

  /** Runs a program on the router. */
  onRouter(argv: readonly string[], input?: string): string {
    return run(['ip', 'netns', 'exec', this.#namespaces.host, ...argv], input);
  }

  /** Has the router forget all rules, then has `load` put in what is to be tried. */
  reload(load: () => void): void {
    this.onRouter(['nft', '-f', '-'], `flush ruleset\n${BYSTANDER}`);
    load();
    // There once a rule asks for connections.
    if (this.#batches === 0) {
      this.onRouter(['nft', '-f', '-'], 'add rule inet oracle arrivals ct state new counter');
      shortenConntrack(this.#namespaces.host);
    }
  }

  /** Indexes of the packets that got through. All of one family. `isOngoing`: they may belong to connections of the packets before, also over a reload. */
  async passed(packets: readonly Packet[], isOngoing = false): Promise<Set<number>> {
    const path = join(this.#folder, 'probes');
    writeProbes(path, packets, 'error');
    if (!isOngoing) this.#batches += 1;
    this.onRouter(['nft', '-f', '-'], `flush chain inet oracle zone\nadd rule inet oracle zone ct zone set ${this.#batches % 65_536}`);
    const before = this.#arrived();
    this.#receiver.tell(`collect ${COLLECT_TIMEOUT_SECONDS}`);
    await this.#sender.ask(`send ${path}`);
    const [word, list = ''] = (await this.#receiver.nextLine()).split(' ');
    if (word !== 'got') throw new Error(`the sentinel was not seen within ${COLLECT_TIMEOUT_SECONDS} s`);
    const arrived = this.#arrived() - before;
    if (arrived !== packets.length + 1) throw new Error(`${packets.length + 1} packets were sent and ${arrived} arrived`);
    return new Set(list === '' ? [] : list.split(',').map(Number));
  }

  #arrived(): number {
    return Number(/packets (\d+)/.exec(this.onRouter(['nft', 'list', 'counter', 'inet', 'oracle', 'arrived']))?.[1]);
  }

  async stop(): Promise<void> {
    await Promise.all([this.#sender.stop(), this.#receiver.stop()]);
    this.#namespaces.remove();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
