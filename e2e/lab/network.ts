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

/**
 * `cut`: pairs of bridge ports between which nothing passes. `silent`: ports that pass nothing at all. Not done by the port's
 * own state, which the bridge sets back to forwarding whenever the host brings its end up.
 */
const CUT_TABLE = `table bridge lab {
  set cut { type ifname . ifname; }
  set silent { type ifname; }
  chain forward { type filter hook forward priority 0; iifname . oifname @cut drop; iifname @silent drop; oifname @silent drop; }
  chain input { type filter hook input priority 0; iifname @silent drop; }
  chain output { type filter hook output priority 0; oifname @silent drop; }
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

/** Idempotent. */
export async function setHostLink(names: LabNames, host: HostPlan, link: Link): Promise<void> {
  await mustRun(['ip', '-n', names.prefix, 'link', 'set', host.bridgePort, link === 'unplugged' ? 'down' : 'up']);
  const element = `element bridge lab silent { "${host.bridgePort}" }\n`;
  // Adding first makes the deletion succeed whether or not it was there: `nft destroy` is newer than nft 1.0.6.
  await editCuts(names, link === 'silent' ? `add ${element}` : `add ${element}delete ${element}`);
}

export type CutPair = { readonly portA: string; readonly portB: string };

/** Drops, or passes again, all that crosses between two ports of the bridge, in both directions and both families. */
export async function setCut(names: LabNames, pair: CutPair, cut: boolean): Promise<void> {
  const elements = `element bridge lab cut { "${pair.portA}" . "${pair.portB}", "${pair.portB}" . "${pair.portA}" }\n`;
  await editCuts(names, cut ? `add ${elements}` : `add ${elements}delete ${elements}`);
}

async function editCuts(names: LabNames, script: string): Promise<void> {
  await mustRun(['ip', 'netns', 'exec', names.prefix, 'nft', '-f', '-'], { stdin: script });
}

function inLab(names: LabNames, argv: readonly string[], stdin = ''): void {
  mustRunNow(['ip', 'netns', 'exec', names.prefix, ...argv], stdin);
}
