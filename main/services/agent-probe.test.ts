import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aTarget, failureOf } from '../../e2e/fakehost/ssh-kit.ts';
import type { SshPool } from '../ssh/ssh-pool.ts';
import { probeHost, REQUIRED_TOOLS } from './agent-probe.ts';

const XT = ['iptables', 'ip6tables', 'iptables-restore', 'ip6tables-restore', 'iptables-save', 'ip6tables-save', 'ipset'];
const SH = '#!/bin/sh\n';

let tools: string;
beforeEach(() => {
  tools = mkdtempSync(join(tmpdir(), 'firebreak-probe-'));
});
afterEach(() => rmSync(tools, { recursive: true, force: true }));

/** A program of the host, first in its search path. */
function put(name: string, body: string): void {
  writeFileSync(join(tools, name), `${SH}${body}\n`);
  chmodSync(join(tools, name), 0o755);
}

/** Runs what is sent to a host here, with the programs of `tools` before those of this machine. */
const localPool: SshPool = {
  showKey: () => Promise.reject(new Error('nobody asks for its key')),
  close: () => Promise.resolve(),
  async run(_target, { argv }) {
    const [, , script = '', ...rest] = argv;
    const child = spawn('sh', ['-c', script.replace(/^PATH=/, `PATH=${tools}:`), ...rest, '192.0.2.9 40022 192.0.2.10 22'], { stdio: ['ignore', 'pipe', 'ignore'] });
    return { exitCode: 0, stdout: (await buffer(child.stdout)).toString('utf8').replace(/^uid=.*$/m, 'uid=0'), stderr: '' };
  },
};
const probe = () => probeHost(localPool, aTarget({ port: 22, hostKey: { algorithm: 'ssh-ed25519', fingerprint: 'SHA256:x' } }));

/** Every program that an agent needs, and those of iptables. */
function putAll(nft: string): void {
  for (const name of [...REQUIRED_TOOLS, ...XT]) if (!['tr', 'head', 'timeout'].includes(name)) put(name, 'exit 0');
  put('nft', nft);
}

test('a host whose nft takes everything is one for nft, and says where it sees this console', async () => {
  putAll('cat >/dev/null');
  expect(await probe()).toMatchObject({ backend: 'nft', cgroupKeys: true, clientAddress: '192.0.2.9', serverPort: 22 });
});

test('one whose nft refuses sets that packets fill is one for iptables, where that and ipset are there', async () => {
  putAll('cat >/dev/null; exit 1');
  expect(await probe()).toMatchObject({ backend: 'iptables', cgroupKeys: false });
});

test('one whose nft does not end is asked again later, and not given the lesser backend', async () => {
  putAll('exec sleep 60');
  put('timeout', 'shift 3; "$@" & sleep 0.1; kill -9 $!; wait $!');
  expect((await failureOf(probe())).code).toBe('HOST_TIMEOUT');
});
