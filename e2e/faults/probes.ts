import { readFileSync } from 'node:fs';
import type { LabHost } from '../lab/host.ts';
import { judgePhases, type Phase, type Port, type Probe } from './probe-phases.ts';

const SENDER = readFileSync(new URL('./on-host/probe-send.py', import.meta.url), 'utf8');
const RECEIVER = readFileSync(new URL('./on-host/probe-receive.py', import.meta.url), 'utf8');
/** UDP ports of a world's host: what `old` lets the peer reach, what `fresh` does, what both do, and what neither does. */
export const PROBE_PORTS: Readonly<Record<Port, number>> = { always: 7004, old: 7001, fresh: 7002, never: 7003 };
const PORT_NAMES: readonly Port[] = ['always', 'old', 'fresh', 'never'];
const TICK_MS = 5;

const UNIT = `[Unit]
DefaultDependencies=no
After=local-fs.target
Before=network-pre.target shutdown.target
# As any service: when nftables.service is stopped and flushes everything, on the way down, no service is left.
Conflicts=shutdown.target
[Service]
ExecStart=/usr/bin/python3 -c "exec(open('/usr/local/lib/fault-receive.py').read())" ${PORT_NAMES.map((name) => PROBE_PORTS[name]).join(' ')}
[Install]
WantedBy=sysinit.target
`;

/** Puts the receiver on a host, as a service that is up before the network. */
export async function installReceiver(host: LabHost): Promise<void> {
  await host.run(['sh', '-c', 'cat >/usr/local/lib/fault-receive.py'], { stdin: RECEIVER });
  await host.run(['sh', '-c', 'cat >/etc/systemd/system/fault-receive.service && systemctl enable --now fault-receive.service'], { stdin: UNIT });
}

/** What each state lets the peer reach (agent/README.md, “Allowed in each state”). */
export const LETS = {
  open: { always: 'all', old: 'all', fresh: 'all', never: 'all' },
  old: { always: 'all', old: 'all', fresh: 'none', never: 'none' },
  fresh: { always: 'all', old: 'none', fresh: 'all', never: 'none' },
  /** While `old` and `fresh` are swapped, either way. */
  between: { always: 'all', old: 'either', fresh: 'either', never: 'none' },
  /** While rules that refuse come or go over none. */
  opening: { always: 'all', old: 'all', fresh: 'either', never: 'either' },
  /** The host is on its way down or up: nothing that its policy refuses. */
  rebooting: { always: 'either', old: 'either', fresh: 'none', never: 'none' },
  failsafe: { always: 'none', old: 'none', fresh: 'none', never: 'none' },
} as const satisfies Record<string, Phase['lets']>;

let streams = 0;

/** A stream of probes from the peer to a host, from its start until `judge`, with the phases that were marked meanwhile. */
export class ProbeStream {
  readonly #peer: LabHost;
  readonly #host: LabHost;
  readonly #stream: number;
  readonly #sent: Promise<string>;
  readonly #phases: Phase[] = [];

  private constructor(peer: LabHost, host: LabHost) {
    streams += 1;
    this.#stream = streams;
    this.#peer = peer;
    this.#host = host;
    const ports = PORT_NAMES.map((name) => String(PROBE_PORTS[name]));
    this.#sent = peer.run(['python3', '-c', SENDER, String(streams), host.ipv4, String(TICK_MS), ...ports], { timeoutMs: 300_000 });
    this.#sent.catch(() => undefined); // told by #stop
  }

  /** Resolves when the first probe has arrived at a port that must be open. */
  static async open(peer: LabHost, host: LabHost, comesThrough: Port = 'always'): Promise<ProbeStream> {
    const stream = new ProbeStream(peer, host);
    await host.run(`n=0; until grep -q "^${PROBE_PORTS[comesThrough]} ${stream.#stream} " /var/tmp/fault-received 2>/dev/null; do n=$((n + 1)); [ $n -lt 400 ] || exit 1; sleep 0.05; done`);
    return stream;
  }

  /** Marks a phase that lasts for the whole of `during`. */
  async phase<T>(name: string, lets: Phase['lets'], during: () => Promise<T>): Promise<T> {
    const fromNs = process.hrtime.bigint();
    const result = await during();
    this.#phases.push({ name, fromNs, toNs: process.hrtime.bigint(), lets });
    return result;
  }

  /** Marks a phase of `seconds` in which nothing is done. */
  hold(name: string, lets: Phase['lets'], seconds = 0.4): Promise<unknown> {
    return this.phase(name, lets, () => this.#host.run(['sleep', String(seconds)]));
  }

  /** Ends the stream and throws when a phase let through what it must not, or lost what it must not. */
  async judge(): Promise<void> {
    await this.#peer.run(['touch', `/run/probe-stop-${this.#stream}`]);
    const sent = await this.#sent;
    const received = await this.#host.run('cat /var/tmp/fault-received; : >/var/tmp/fault-received');
    const problems = judgePhases(readProbes(sent, received, this.#stream), this.#phases);
    if (problems.length > 0) throw new Error(problems.join('\n'));
  }
}

function readProbes(sent: string, received: string, stream: number): Probe[] {
  const arrived = new Set(received.split('\n'));
  return sent
    .trimEnd()
    .split('\n')
    .flatMap((line) => {
      const [port = '', seq = '', ns = '0'] = line.split(' ');
      const name = PORT_NAMES.find((candidate) => String(PROBE_PORTS[candidate]) === port);
      return name === undefined ? [] : [{ port: name, sentNs: BigInt(ns), received: arrived.has(`${port} ${stream} ${seq}`) }];
    });
}

/** A short stream: what the host lets through just now, beginning with the port that must be open. */
export async function assertTraffic(peer: LabHost, host: LabHost, name: string, lets: Phase['lets'], comesThrough: Port = 'always'): Promise<void> {
  const stream = await ProbeStream.open(peer, host, comesThrough);
  try {
    await stream.hold(name, lets, 0.2);
  } finally {
    await stream.judge();
  }
}
