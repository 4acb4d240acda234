import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Packet } from '../../shared/policy/simulate.ts';
import { CONTAINER, createForwardingNamespaces, type ForwardingNamespaces, hiddenAddress, macOf, replaceAddresses } from './forward-namespaces.ts';
import { shortenConntrack } from './namespaces.ts';
import { writeProbes } from './probe-file.ts';
import { LineProgram, run } from './run.ts';

const PROBE = new URL('./probe.py', import.meta.url).pathname;
const COLLECT_TIMEOUT_SECONDS = 20;
/** Not the port of any probe: a rule that looks at the port after redirection would let through or refuse the wrong ones. */
const CONTAINER_PORT = 9_999;
const FAMILIES = [4, 6] as const;

export type Way = 'published' | 'masqueraded';

/** The kernel's own answer to what may be redirected into a container, and what may leave one under an address of the host. Not for use by two at once. */
export class ForwardOracle {
  readonly #namespaces: ForwardingNamespaces;
  readonly #programs: Record<'sendIn' | 'sendOut' | 'seeIn' | 'seeOut', LineProgram>;
  readonly #folder = mkdtempSync(join(tmpdir(), 'firebreak-forward-'));
  #addresses: readonly string[] = [];
  #batches = 0;

  private constructor(namespaces: ForwardingNamespaces) {
    this.#namespaces = namespaces;
    const { outside, host, container } = namespaces;
    const start = (namespace: string, ...words: string[]) => new LineProgram(['ip', 'netns', 'exec', namespace, 'python3', PROBE, ...words]);
    this.#programs = {
      sendIn: start(outside, 'send-frames', 'a0', macOf(host, 'b0')),
      sendOut: start(container, 'send-frames', 'd0', macOf(host, 'c0')),
      seeIn: start(container, 'receive-frames', 'd0'),
      seeOut: start(outside, 'receive-frames', 'a0'),
    };
  }

  static async start(label: string): Promise<ForwardOracle> {
    const oracle = new ForwardOracle(createForwardingNamespaces(label));
    await Promise.all([oracle.#programs.seeIn.nextLine(), oracle.#programs.seeOut.nextLine()]);
    return oracle;
  }

  /** Runs a program on the host under test; `env` is beside this process's own. */
  onHost(argv: readonly string[], input?: string, env: Readonly<Record<string, string>> = {}): string {
    return run(['ip', 'netns', 'exec', this.#namespaces.host, 'env', ...Object.entries(env).map(([name, value]) => `${name}=${value}`), ...argv], input);
  }

  nft(text: string): void {
    this.onHost(['nft', '-f', '-'], text);
  }

  /** Gives the host these addresses, lets it redirect everything that comes in to them, and makes `bundle` the only ruleset beside that. */
  load(bundle: string, addresses: readonly string[]): void {
    this.reload(() => this.nft(bundle), addresses);
  }

  /** The same with what `load` puts in. */
  reload(load: () => void, addresses: readonly string[]): void {
    replaceAddresses(this.#namespaces.host, this.#addresses, addresses);
    this.#addresses = addresses;
    this.nft(`flush ruleset\n${translation(addresses)}`);
    load();
    shortenConntrack(this.#namespaces.host);
  }

  listTable(): string {
    return this.onHost(['nft', '-j', 'list', 'table', 'inet', 'firebreak']);
  }

  /** Indexes of the packets that got through. A published one is addressed to the host; a masqueraded one comes from it as its peer sees it. */
  async passed(way: Way, packets: readonly Packet[], withinSeconds = COLLECT_TIMEOUT_SECONDS): Promise<Set<number>> {
    const isIn = way === 'published';
    const [sender, receiver] = isIn ? [this.#programs.sendIn, this.#programs.seeIn] : [this.#programs.sendOut, this.#programs.seeOut];
    const path = join(this.#folder, 'probes');
    writeProbes(path, isIn ? packets : packets.map((packet) => ({ ...packet, source: this.#hidden(packet.source) })), 'echo');
    this.#batches += 1;
    this.nft(`flush chain inet oracle zone\nadd rule inet oracle zone ct zone set ${this.#batches % 65_536}`);
    const before = this.#arrived();
    receiver.tell(`collect ${withinSeconds}`);
    await sender.ask(`send ${path}`);
    const [word, list = ''] = (await receiver.nextLine()).split(' ');
    if (word !== 'got') throw new Error(`the sentinel was not seen within ${withinSeconds} s`);
    const arrived = this.#arrived() - before;
    if (arrived !== packets.length + 1) throw new Error(`${packets.length + 1} packets were sent and ${arrived} arrived`);
    return new Set(list === '' ? [] : list.split(',').map(Number));
  }

  #hidden(own: string): string {
    const index = this.#addresses.indexOf(own);
    if (index < 0) throw new Error(`${own} is not the host's`);
    return hiddenAddress(own.includes(':') ? 6 : 4, index);
  }

  #arrived(): number {
    const text = this.onHost(['nft', 'list', 'counter', 'inet', 'oracle', 'arrived']);
    return Number(/packets (\d+)/.exec(text)?.[1]);
  }

  async stop(): Promise<void> {
    await Promise.all(Object.values(this.#programs).map((program) => program.stop()));
    this.#namespaces.remove();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** As container managers do it, beside a counter of arrivals and a conntrack zone of its own for each batch. The host itself says nothing. */
const translation = (addresses: readonly string[]): string => `
table inet oracle {
	counter arrived { }
	chain arrivals { type filter hook prerouting priority -400; policy accept; iif { "b0", "c0" } counter name arrived; }
	chain zone { type filter hook prerouting priority raw; policy accept; }
	chain quiet { type filter hook output priority -400; policy drop; }
	chain into_container {
		type nat hook prerouting priority dstnat; policy accept;
${FAMILIES.flatMap((family) => {
  const nat = family === 4 ? 'ip' : 'ip6';
  const container = family === 4 ? CONTAINER[4] : `[${CONTAINER[6]}]`;
  return [`meta l4proto { tcp, udp } dnat ${nat} to ${container}:${CONTAINER_PORT}`, `dnat ${nat} to ${CONTAINER[family]}`].map((to) => `\t\tiif "b0" meta nfproto ipv${family} fib daddr type local ${to}`);
}).join('\n')}
	}
	chain out_of_container {
		type nat hook postrouting priority srcnat; policy accept;
${addresses.map((own, n) => `\t\t${own.includes(':') ? `ip6 saddr ${hiddenAddress(6, n)} snat ip6` : `ip saddr ${hiddenAddress(4, n)} snat ip`} to ${own}`).join('\n')}
	}
}
`;
