import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { compileHost } from '../../shared/policy/compile.ts';
import { printBundle } from '../../shared/policy/print.ts';
import { aHost, aPolicy, aRule, aZone, anIpList, hostId } from '../../shared/policy/testing/builders.ts';
import { AgentShell } from './agent-shell.ts';
import { createNamespacePair } from './namespaces.ts';
import { LineProgram, run } from './run.ts';

/** The full count of the issue is 500 (`npm run test:hitless`); `npm test` runs this shorter cut. */
const REPLACEMENTS = Number(process.env['FIREBREAK_REPLACEMENTS'] ?? 60);
const SENDER = '192.0.2.2';
const HOST = '192.0.2.1';

/**
 * Policy `n`: the allowed sources are always inside, the forbidden never, and everything around them differs each time, so that every set is made
 * anew: single addresses (hash sets), networks and ranges (interval sets), ports as a set, a range and one alone.
 */
function bundleOf(n: number): string {
  const noise = Array.from({ length: 40 }, (_, i) => `10.${100 + (n % 50)}.${i}.${(n * 7 + i) % 250}/32`);
  const networks = Array.from({ length: 40 }, (_, i) => `10.${160 + (n % 50)}.${i}.0/${25 + ((n + i) % 4)}`);
  const host = aHost({ n: 1, labels: 'role=db', addresses: ['10.0.9.9', HOST], consoles: ['203.0.113.9'] });
  const policy = aPolicy({
    zones: [aZone({ name: 'data', select: 'role=db', mode: 'enforce' })],
    ipLists: [
      anIpList('networks', ['10.0.1.0/24', ...networks]),
      anIpList('peers', [`${SENDER}/32`, ...noise]),
    ],
    rules: [
      aRule({ n: 1, from: 'iplist:networks', to: 'role=db', services: n % 2 === 0 ? 'udp/5000' : `udp/4990-5010,udp/${6000 + (n % 100)}` }),
      aRule({ n: 2, from: 'iplist:peers', to: 'role=db', services: n % 3 === 0 ? 'tcp/7000-7001' : `tcp/7000,tcp/7001,tcp/${8000 + (n % 100)}` }),
      aRule({ n: 3, action: 'deny', from: '10.0.2.0/25', to: 'role=db', services: `udp/5000-${5001 + (n % 9)}` }),
    ],
  });
  return printBundle(compileHost(policy, [host], hostId(1), { nowMs: Date.UTC(2026, 10, 21) }), { policyVersion: n }).text;
}

const Counts = z.record(z.string(), z.union([z.number(), z.string(), z.boolean()]));

describe('replacing the policy under traffic', () => {
  const cleanups: (() => unknown)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  test(`${REPLACEMENTS} replacements by the agent let no forbidden packet through, lose no allowed one and keep a stream`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'firebreak-hitless-'));
    cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
    const pair = createNamespacePair('hit');
    cleanups.push(() => pair.remove());
    run(['ip', '-n', pair.outside, 'addr', 'add', `${SENDER}/30`, 'dev', pair.device]);
    const shell = new AgentShell(pair.host);
    cleanups.push(() => shell.stop());
    const replaceTo = async (n: number) => {
      const path = join(folder, 'bundle.nft');
      writeFileSync(path, bundleOf(n));
      await shell.agent(`apply --id p_${String(n).padStart(12, '0')} --by test --confirm-within 60`, path);
      await shell.agent(`confirm p_${String(n).padStart(12, '0')}`);
    };
    const firstPath = join(folder, 'first.nft');
    writeFileSync(firstPath, bundleOf(0));
    await shell.run('echo h_000000000001 >/etc/firebreak/host-id');
    await shell.run(`cp ${firstPath} /var/lib/firebreak/confirmed.nft && nft -f ${firstPath}`);

    const start = (namespace: string, ...words: string[]) => {
      const program = new LineProgram(['ip', 'netns', 'exec', namespace, 'python3', new URL('./traffic.py', import.meta.url).pathname, ...words]);
      cleanups.push(() => program.stop());
      return program;
    };
    const count = start(pair.host, 'udp-count');
    const serve = start(pair.host, 'tcp-serve');
    await Promise.all([count.nextLine(), serve.nextLine()]);
    const stream = start(pair.outside, 'tcp-stream', HOST);
    await stream.nextLine();
    const connect = start(pair.outside, 'tcp-connect', HOST);
    const send = start(pair.outside, 'udp-send', pair.device, pair.hostMac);

    for (let n = 1; n <= REPLACEMENTS; n += 1) await replaceTo(n);

    const stopped = async (program: LineProgram) => Counts.parse(JSON.parse(await program.ask('stop')));
    const sent = await stopped(send);
    const [connected, streamed] = [await stopped(connect), await stopped(stream)];
    const received = await stopped(count);
    console.log(`replacements ${REPLACEMENTS}; UDP sent ${JSON.stringify(sent)}, received ${JSON.stringify(received)}; connects ${JSON.stringify(connected)}; stream ${JSON.stringify(streamed)}`);
    expect(Number(sent['allowed'])).toBeGreaterThan(1000);
    expect({ forbidden: received['forbidden'], lost: Number(sent['allowed']) - Number(received['allowed']) }).toEqual({ forbidden: 0, lost: 0 });
    expect({ slow: connected['slow'], failed: connected['failed'] }).toEqual({ slow: 0, failed: 0 });
    expect(streamed['broken']).toBe('');
    expect(Number(streamed['lines'])).toBeGreaterThan(100);
  });
});
