import { existsSync } from 'node:fs';
import type { HostPlan, LabNames } from './plan.ts';
import { mustRun, mustRunNow } from './run-command.ts';

/**
 * The lab's network: a bridge in a namespace of its own. The one thing in the machine's own namespace is the interface
 * `fblab<slot>`, the console's leg on that bridge. The machine's firewall, routes and forwarding are never touched.
 */
export function makeLabNetwork(names: LabNames): void {
  const { prefix } = names;
  mustRunNow(['ip', 'netns', 'add', prefix]);
  inLab(names, ['ip', 'link', 'add', 'br0', 'type', 'bridge', 'forward_delay', '0', 'mcast_snooping', '0']);
  inLab(names, ['ip', 'link', 'set', 'br0', 'up']);
  inLab(names, ['ip', 'link', 'set', 'lo', 'up']);
  // The hosts' default gateway. It forwards nothing: what leaves the lab ends here, as at a site without internet.
  inLab(names, ['ip', 'addr', 'add', `${names.routerIpv4}/24`, 'dev', 'br0']);
  inLab(names, ['ip', 'addr', 'add', `${names.routerIpv6}/64`, 'dev', 'br0', 'nodad']);
  const peer = ['peer', 'name', 'console', 'netns', prefix];
  mustRunNow(['ip', 'link', 'add', prefix, 'type', 'veth', ...peer]);
  inLab(names, ['ip', 'link', 'set', 'console', 'master', 'br0', 'up']);
  mustRunNow(['ip', 'addr', 'add', `${names.consoleIpv4}/24`, 'dev', prefix]);
  mustRunNow(['ip', 'addr', 'add', `${names.consoleIpv6}/64`, 'dev', prefix, 'nodad']);
  mustRunNow(['ip', 'link', 'set', prefix, 'up']);
  inLab(names, ['nft', '-f', '-'], CUT_TABLE);
}

/** Pairs of bridge ports between which nothing passes; a whole host is cut by the state of its port. */
const CUT_TABLE = `table bridge lab {
  set cut { type ifname . ifname; }
  chain forward { type filter hook forward priority 0; policy accept; iifname . oifname @cut drop; }
}
`;

/** `silent`: the port passes nothing, but the carrier stays, as when a switch further on fails. `unplugged`: no carrier. */
export type Link = 'up' | 'silent' | 'unplugged';

/** A new namespace with nothing in it but a cable to the bridge: no addresses, no rules, as after power-on. */
export async function plugHost(names: LabNames, host: HostPlan, link: Link): Promise<void> {
  await mustRun(['ip', 'netns', 'add', host.netns]);
  const peer = ['peer', 'name', host.bridgePort, 'netns', names.prefix];
  await mustRun(['ip', '-n', host.netns, 'link', 'add', 'eth0', 'address', host.mac, 'type', 'veth', ...peer]);
  await mustRun(['ip', '-n', names.prefix, 'link', 'set', host.bridgePort, 'master', 'br0']);
  await setHostLink(names, host, link);
}

/**
 * Removes a host's cable and namespace. Only to be called when no process is left in it. The cable goes first and by itself:
 * the kernel destroys a namespace some time after its last use, and until then the bridge port's name would be taken.
 */
export async function unplugHost(names: LabNames, host: HostPlan): Promise<void> {
  const ports = await mustRun(['ip', '-n', names.prefix, '-brief', 'link', 'show', 'type', 'veth']);
  if (ports.includes(`${host.bridgePort}@`)) await mustRun(['ip', '-n', names.prefix, 'link', 'del', host.bridgePort]);
  if (existsSync(`/run/netns/${host.netns}`)) await mustRun(['ip', 'netns', 'del', host.netns]);
}

export async function setHostLink(names: LabNames, host: HostPlan, link: Link): Promise<void> {
  const port = ['ip', '-n', names.prefix, 'link', 'set', host.bridgePort];
  await mustRun([...port, link === 'unplugged' ? 'down' : 'up']);
  if (link === 'unplugged') return;
  await mustRun([...port, 'type', 'bridge_slave', 'state', link === 'up' ? BR_STATE_FORWARDING : BR_STATE_DISABLED]);
}

/** linux/if_bridge.h; without STP the kernel leaves the state as it is set here. */
const BR_STATE_DISABLED = '0';
const BR_STATE_FORWARDING = '3';

export type CutPair = { readonly portA: string; readonly portB: string };

/** Drops, or passes again, all that crosses between two ports of the bridge, in both directions and both families. */
export async function setCut(names: LabNames, pair: CutPair, cut: boolean): Promise<void> {
  const elements = `{ "${pair.portA}" . "${pair.portB}", "${pair.portB}" . "${pair.portA}" }`;
  const script = `${cut ? 'add' : 'delete'} element bridge lab cut ${elements}\n`;
  await mustRun(['ip', 'netns', 'exec', names.prefix, 'nft', '-f', '-'], { stdin: script });
}

function inLab(names: LabNames, argv: readonly string[], stdin = ''): void {
  mustRunNow(['ip', 'netns', 'exec', names.prefix, ...argv], stdin);
}
