import type { FleetHost } from '../model/host.ts';
import type { Policy } from '../model/policy.ts';
import { ESSENTIAL_PORTS } from './simulate-essential.ts';

const PORTS = 65_536;

/**
 * Numbers ports so that no service of the policy, no locked row and no published port of any host tells two of one number apart, whatever the protocol. So a scan
 * of a thousand ports comes to a few questions. The number of a port is at its place.
 */
export function createPortClasses(policy: Policy, hosts: readonly FleetHost[]): Uint32Array {
  const refs = [...policy.rules.flatMap((rule) => rule.services), ...policy.zones.flatMap((zone) => zone.onlyServices ?? []), ...policy.containments.flatMap((one) => (one.kind === 'close' ? one.services : []))];
  // A service that the policy names and does not have is nobody's, as for the simulator.
  const byName = new Map(policy.services.map((service) => [service.name, service.entries]));
  const entries = refs.flatMap((ref) => (ref.kind === 'any' ? [] : ref.kind === 'inline' ? [ref.entry] : (byName.get(ref.name) ?? [])));
  const ranges = [
    ...entries.flatMap((entry) => (entry.kind === 'ports' ? [entry] : [])),
    ...hosts.flatMap((host) => host.published ?? []),
    ...[...ESSENTIAL_PORTS, ...hosts.map((host) => host.management.sshPort)].map((port) => ({ from: port, to: port })),
  ];
  const isStart = new Uint8Array(PORTS + 1);
  for (const { from, to } of ranges) {
    isStart[from] = 1;
    isStart[to + 1] = 1;
  }
  const numbers = new Uint32Array(PORTS);
  let number = 0;
  for (let port = 0; port < PORTS; port++) {
    number += isStart[port] ?? 0;
    numbers[port] = number;
  }
  return numbers;
}
