import type { HostAddressTime, HostMachine, MachineStanding } from '../contract/host-identity.ts';
import { machineText } from './machine-text.ts';
import { timeText } from './time-text.ts';

const WORDS: Record<MachineStanding, string> = { current: '', waiting: ', waits to be accepted', former: ', no more' };

/** `4f3a9c…, seen 2026-11-21 10:03Z to 2026-11-22 10:03Z`, the newest first; those of before say so. */
export const listMachineLines = (machines: readonly HostMachine[]): string[] =>
  machines.map(({ machineId, standing, firstSeenAtMs, lastSeenAtMs }) => `id ${machineText(machineId)}, seen ${timeText(firstSeenAtMs)} to ${timeText(lastSeenAtMs)}${WORDS[standing]}`);

const SHOWN = 8;

/** Addresses that left, the newest first. */
export function listFormerAddresses(times: readonly HostAddressTime[]): string[] {
  const former = times.flatMap(({ address, lastSeenAtMs, leftAtMs }) => (leftAtMs === null ? [] : [`${address} until ${timeText(lastSeenAtMs)}`]));
  return former.length > SHOWN ? [...former.slice(0, SHOWN), `and ${former.length - SHOWN} more`] : former;
}
