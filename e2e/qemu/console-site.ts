import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectEqual } from './steps.ts';
import type { RunningGuest } from './guest.ts';
import type { BackendClient } from '../../main/rpc/client.ts';
import type { Push } from '../../shared/model/diff.ts';
import { overAll, push } from '../main-job/lab-console.ts';

export const NEIGHBOURS = { friend: { 4: '10.77.1', 6: 'fd77:1' }, stranger: { 4: '10.77.2', 6: 'fd77:2' } } as const;
export type Neighbour = keyof typeof NEIGHBOURS;
const FAMILIES = [4, 6] as const;

/** Adds the guest with its fingerprint compared, installs the agent over SSH and collects once. */
export async function enrolGuest(client: BackendClient, guest: RunningGuest): Promise<void> {
  const identity = { kind: 'key-file' as const, keyPath: guest.sshKeyPath };
  const ssh = { address: '127.0.0.1', port: guest.sshPort, user: 'root', identity, sudo: 'none' as const, jump: null };
  await client.hosts.add({ name: 'guest', ssh, addresses: [], labels: { role: 'guest' }, note: '' });
  const { presented } = await client.hosts.showKey({ name: 'guest' });
  const own = await guest.run('ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub | cut -d " " -f 2');
  expectEqual('the fingerprint', presented.fingerprint, own.trim());
  await client.hosts.trust({ name: 'guest', key: presented, replace: false });
  await overAll(client, 'install');
}

/** One attempt by a real process of a neighbour to a port of the guest, by IPv4 and by IPv6: two words, `connected`, `refused`, `timeout`. */
export async function knock(guest: RunningGuest, who: Neighbour, port: number): Promise<string> {
  const attempts = FAMILIES.map((family) => {
    const address = family === 4 ? `${NEIGHBOURS[who][4]}.1` : `${NEIGHBOURS[who][6]}::1`;
    return `ip netns exec ${who} python3 /usr/local/lib/lab/connect.py tcp ${family} ${address} ${port} 3000`;
  });
  return (await guest.run(attempts.join('; '))).trim().split('\n').join(' ');
}

/** The same from the guest itself to a neighbour. */
export async function callOut(guest: RunningGuest, who: Neighbour, port: number): Promise<string> {
  const attempts = FAMILIES.map((family) => {
    const address = family === 4 ? `${NEIGHBOURS[who][4]}.2` : `${NEIGHBOURS[who][6]}::2`;
    return `python3 /usr/local/lib/lab/connect.py tcp ${family} ${address} ${port} 3000`;
  });
  return (await guest.run(attempts.join('; '))).trim().split('\n').join(' ');
}

/** Collects, and gives the recorded connections as sorted lines `in|out peer protocol/port verdict user unit`. */
export async function collectFlows(client: BackendClient): Promise<string[]> {
  await overAll(client, 'collect');
  const { rows } = await client.flows.list({ sinceMs: null, untilMs: null, verdict: null, from: null, to: null, text: null, limit: 5000, offset: 0 });
  return rows.map((row) => [row.direction, row.peerAddress, `${row.protocol}/${row.port}`, row.verdict, row.user ?? '-', row.unit ?? '-'].join(' ')).toSorted();
}

/** The window is long: everything takes a hundred times longer in software. */
export async function pushConfirmed(client: BackendClient): Promise<void> {
  const done: Push = await push(client, 300);
  expectEqual(`the push (${JSON.stringify(done.hosts)})`, done.outcome, 'confirmed');
}

/** Makes services and neighbours in the guest; they come back at a reboot. */
export async function setUpSite(guest: RunningGuest): Promise<void> {
  await guest.run(readFileSync(join(import.meta.dirname, 'guest-setup.sh'), 'utf8'));
  const isUp =
    'for n in friend stranger; do ip netns exec $n python3 /usr/local/lib/lab/connect.py tcp 6 ::1 9001 3000; done; for p in 8080 8081; do python3 /usr/local/lib/lab/connect.py tcp 6 ::1 $p 3000; done';
  for (const deadlineMs = Date.now() + 120_000; (await guest.exec(isUp)).stdout !== 'connected\n'.repeat(4); ) {
    if (Date.now() > deadlineMs) throw new Error(`the services of the guest do not come up: ${(await guest.exec(isUp)).stderr}`);
  }
}
