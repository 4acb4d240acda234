import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { compileHost } from '../../shared/policy/compile.ts';
import { printBundle } from '../../shared/policy/print.ts';
import { AgentShell } from './agent-shell.ts';
import { type Cleanups, createHitlessNetwork, hitlessPolicy, replaceUnderTraffic } from './hitless-traffic.ts';
import { readRefused } from './refused-set.ts';
import { run } from './run.ts';

/** The full count of the issue is 500 (`npm run test:hitless`); `npm test` runs this shorter cut. */
const REPLACEMENTS = Number(process.env['FIREBREAK_REPLACEMENTS'] ?? 20);

const bundleOf = (n: number): string => {
  const { policy, host } = hitlessPolicy(n);
  return printBundle(compileHost(policy, [host], host.id, { nowMs: Date.UTC(2026, 10, 21) }), { policyVersion: n }).text;
};

const Counters = z.object({ nftables: z.array(z.object({ counter: z.object({ name: z.string(), packets: z.number() }).optional() })) });

/** Packets of the counters in which what is refused and not recorded would be. */
const readCounters = (tableJson: string): Record<string, number> =>
  Object.fromEntries(Counters.parse(JSON.parse(tableJson)).nftables.flatMap(({ counter }) => (counter && ['invalid_in', 'invalid_out', 'lost_in'].includes(counter.name) ? [[counter.name, counter.packets]] : [])));

describe('replacing the policy under traffic', () => {
  const cleanups: Cleanups = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  test(`${REPLACEMENTS} replacements by the agent let no forbidden packet through and lose no allowed one, whatever the kind of set, and keep a stream`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'firebreak-hitless-'));
    cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
    const pair = createHitlessNetwork('hit', cleanups);
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

    await replaceUnderTraffic(pair, REPLACEMENTS, replaceTo, cleanups);
    // A connect that sent something twice may be a loaded machine's; what the rules refused, the host itself has counted.
    const table = run(['ip', 'netns', 'exec', pair.host, 'nft', '-j', 'list', 'table', 'inet', 'firebreak']);
    const refused = [...readRefused(table)];
    expect(refused.filter((key) => key.startsWith('in 10.0.4.') && key.includes(' udp ')).length).toBeGreaterThan(0);
    expect({ tcp: refused.filter((key) => key.includes(' tcp ')), ...readCounters(table) }).toEqual({ tcp: [], invalid_in: 0, invalid_out: 0, lost_in: 0 });
  });
});
