import { setTimeout as delay } from 'node:timers/promises';
import type { HostInside } from './host-inside.ts';
import { isListening } from './host-sockets.ts';

export type ConnectOutcome = 'connected' | 'refused' | 'timeout' | 'unreachable';

/** Who does it: a user, and, if a unit is named, in a transient systemd service of that name. */
type Actor = { readonly user?: string; readonly unit?: string };

export type ConnectOptions = Actor & {
  readonly to: HostInside | string;
  readonly port: number;
  /** Default tcp. With udp, `connected` means that the peer replied. */
  readonly protocol?: 'tcp' | 'udp';
  /** Default 4. Ignored when `to` is an address. */
  readonly family?: 4 | 6;
  /** Default 1000. */
  readonly timeoutMs?: number;
};

export type ListenOptions = Actor & { readonly port: number; readonly protocol?: 'tcp' | 'udp' };
export type Listener = { readonly unit: string; readonly close: () => Promise<void> };

const OUTCOMES: readonly ConnectOutcome[] = ['connected', 'refused', 'timeout', 'unreachable'];

/** One real attempt by a real process inside the host. */
export async function tryConnectFromHost(host: HostInside, options: ConnectOptions): Promise<ConnectOutcome> {
  const { protocol = 'tcp', timeoutMs = 1000 } = options;
  const family = typeof options.to === 'string' ? (options.to.includes(':') ? 6 : 4) : (options.family ?? 4);
  const address = typeof options.to === 'string' ? options.to : family === 6 ? options.to.ipv6 : options.to.ipv4;
  const args = [protocol, String(family), address, String(options.port), String(timeoutMs)];
  const command = asActor(options, ['--wait', '--pipe'], ['python3', '/usr/local/lib/lab/connect.py', ...args]);
  const said = (await host.run(command.argv, { ...command.as, timeoutMs: timeoutMs + 10_000 })).trim();
  const outcome = OUTCOMES.find((word) => word === said);
  if (outcome === undefined) throw new Error(`connect.py on ${host.name} said ${JSON.stringify(said)}`);
  return outcome;
}

/** An echo server on both families, as a systemd service of its own; resolves when it listens. */
export async function listenOnHost(host: HostInside, options: ListenOptions): Promise<Listener> {
  const protocol = options.protocol ?? 'tcp';
  const unit = options.unit ?? `lab-listen-${protocol}-${options.port}`;
  const script = ['python3', '/usr/local/lib/lab/listen.py', protocol, String(options.port)];
  await host.run(asActor({ ...options, unit }, [], script).argv);
  const deadlineMs = Date.now() + 10_000;
  while (!isListening(host.initPid, protocol, options.port)) {
    if (Date.now() > deadlineMs) throw new Error(`${unit} on ${host.name} does not listen on ${protocol}/${options.port}`);
    await delay(10);
  }
  const close = async () => {
    await host.run(['systemctl', 'stop', `${unit}.service`]);
  };
  return { unit: `${unit}.service`, close };
}

function asActor(actor: Actor, flags: readonly string[], argv: readonly string[]) {
  if (actor.unit === undefined) return { argv, as: actor.user === undefined ? {} : { user: actor.user } };
  const uid = actor.user === undefined ? [] : [`--uid=${actor.user}`];
  return { argv: ['systemd-run', '--quiet', '--collect', `--unit=${actor.unit}`, ...uid, ...flags, '--', ...argv], as: {} };
}
