import { createHash } from 'node:crypto';
import type { AgentFacts, AgentPosture, AgentStatus } from '../../shared/contract/agent-replies.ts';
import { replaceDiscoveredAddresses } from '../db/host-address-store.ts';
import { pinKey, recordConsoleAddress } from '../db/host-store.ts';
import { saveFacts, saveHostError, saveStatus } from '../db/host-state-store.ts';
import type { HostId } from '../../shared/model/ids.ts';
import { readAgentVersion } from '../services/agent-version.ts';
import type { Backend } from '../services/backend.ts';
import { getHost } from '../services/find-host.ts';
import { addHost } from '../services/inventory.ts';
import { SAMPLE_HOSTS, type SampleHost } from './sample-hosts.ts';

const DAY_MS = 86_400_000;
const CONSOLE = '198.51.100.5';

/** A made-up host key; its host is never connected to. */
const fingerprintOf = (name: string): string => `SHA256:${createHash('sha256').update(`sample host ${name}`).digest('base64').replace(/=+$/, '')}`;
const digest = (text: string, length: number): string => createHash('sha256').update(text).digest('hex').slice(0, length);

/** Adds every host of the sample as its admins would have, and what each says about itself. */
export function addSampleHosts(backend: Backend): void {
  for (const { name, labels, addresses, kind, note } of SAMPLE_HOSTS) {
    const [address = '', ...more] = addresses;
    const ssh = kind === 'unmanaged' ? null : { address, port: 22, user: 'ops', identity: { kind: 'agent' as const }, sudo: 'nopasswd' as const, jump: null };
    addHost(backend, { name, ssh, addresses: ssh === null ? addresses : more, labels, note });
  }
  backend.workspace.transaction((tx) => {
    for (const host of SAMPLE_HOSTS.filter(({ kind }) => kind !== 'unmanaged')) {
      const { id } = getHost(backend, host.name);
      pinKey(tx, id, { algorithm: 'ssh-ed25519', fingerprint: fingerprintOf(host.name) }, { replace: false, atMs: backend.nowMs() });
      recordConsoleAddress(tx, id, CONSOLE, backend.nowMs());
      replaceDiscoveredAddresses(tx, id, host.addresses, backend.nowMs());
      saveFacts(tx, id, factsOf(host, backend.nowMs()), backend.nowMs());
    }
  });
}

function factsOf(host: SampleHost, nowMs: number): AgentFacts {
  const isBackup = host.labels.role === 'backup';
  const sunday = lastSunday(nowMs);
  return {
    v: 1,
    hostname: host.name,
    machineId: digest(`machine ${host.name}`, 32),
    bootId: digest(`boot ${host.name}`, 32),
    clock: Math.floor(nowMs / 1000),
    os: { id: 'debian', version: '12', name: 'Debian GNU/Linux 12 (bookworm)' },
    kernel: '6.1.0-31-amd64',
    arch: 'x86_64',
    nftVersion: '1.0.6',
    shell: 'dash',
    systemd: true,
    addresses: host.addresses.map((address) => ({ interface: 'eth0', family: address.includes(':') ? 6 : 4, address, prefix: address.includes(':') ? 64 : 24, scope: 'global' })),
    ssh: { clientAddress: CONSOLE, serverAddress: host.addresses[0] ?? '', serverPort: 22 },
    resolvers: [],
    timeServers: [],
    listening: host.services.map(({ protocol, port, process, user, unit }, i) => ({ protocol, address: '0.0.0.0', port, process, pid: 600 + i, uid: user === 'root' ? 0 : 990 - i, user, unit })),
    firewalls: [],
    features: { typeof: true, cgroupv2: true, cgroupKeys: true },
    timers: isBackup ? [{ unit: 'borgmatic.timer', lastFiredAt: sunday / 1000, nextFiresAt: (sunday + 7 * DAY_MS) / 1000 }] : [],
    timeZone: 'Etc/UTC',
    posture: postureOf(host, nowMs),
  };
}

/** Kept as such fleets are: most well, old appliances without UEFI, workstations that somebody set up alone. One had its EDR taken off. */
function postureOf({ name, labels }: SampleHost, nowMs: number): AgentPosture {
  const isOld = ['wms', 'mail'].includes(labels.app ?? '');
  const isWorkstation = labels.role === 'workstation';
  return {
    secureBoot: isOld ? null : !isWorkstation,
    securityUpdates: isOld ? 14 : name === 'git' ? 2 : 0,
    updateListsAt: Math.floor((nowMs - (isOld ? 40 : 1) * DAY_MS) / 1000),
    rebootRequired: name === 'git',
    diskEncryption: [{ mount: '/', encrypted: !isWorkstation && !isOld }],
    edr: isWorkstation || name === 'crm-web-2' ? [] : ['falcon-sensor'],
  };
}

/** 02:00 UTC of the last Sunday. */
function lastSunday(nowMs: number): number {
  const twoMs = Math.floor(nowMs / DAY_MS) * DAY_MS + 2 * 3_600_000;
  const backDays = new Date(twoMs).getUTCDay() + (new Date(nowMs).getUTCDay() === 0 && twoMs > nowMs ? 7 : 0);
  return twoMs - backDays * DAY_MS;
}

/** What each host with the agent says that it runs, as last read; `bundleOf` its confirmed bundle. One was changed by hand, one did not answer. */
export function saveSampleStates(backend: Backend, bundleOf: (host: HostId) => { hash: string; mode: string } | undefined): void {
  const nowMs = backend.nowMs();
  const agentVersion = readAgentVersion(backend.agentDir) ?? '0.1.0';
  backend.workspace.transaction((tx) => {
    for (const host of SAMPLE_HOSTS) {
      const { id } = getHost(backend, host.name);
      const bundle = bundleOf(id);
      if (host.kind === 'unmanaged') continue;
      saveFacts(tx, id, factsOf(host, nowMs), nowMs);
      saveStatus(tx, id, host.kind === 'no-agent' || bundle === undefined ? null : statusOf(id, bundle, { agentVersion, nowMs, isTampered: host.name === 'mail-mx-2' }), nowMs - 12 * 60_000);
    }
    saveHostError(tx, getHost(backend, 'dev-3').id, { code: 'HOST_UNREACHABLE', title: 'dev-3: no SSH answer from 192.0.2.70 port 22 (no route to host).', hint: 'Check the address and port, that sshd runs, and that no firewall is in between.', atMs: nowMs - 2 * 3_600_000 });
  });
}

function statusOf(host: HostId, { hash, mode }: { hash: string; mode: string }, { agentVersion, nowMs, isTampered }: { agentVersion: string; nowMs: number; isTampered: boolean }): AgentStatus {
  return {
    v: 1,
    agentVersion,
    hostId: host,
    bootId: digest(`boot ${host}`, 32),
    clock: Math.floor(nowMs / 1000),
    eventSeq: null,
    bundleSeq: 3,
    pinned: true,
    footprintSeq: null,
    loaded: true,
    runningBundle: hash,
    runningMode: mode,
    runningSeq: 3,
    confirmedBundle: hash,
    confirmedSeq: 3,
    kernelHash: isTampered ? digest(`changed ${host}`, 64) : digest(`kernel ${host}`, 64),
    expectedKernelHash: digest(`kernel ${host}`, 64),
    pending: null,
    last: null,
    timerEnabled: true,
    bootUnitEnabled: true,
    unresolved: [],
    spoolBytes: 210_000,
    spoolFiles: 640,
  };
}
