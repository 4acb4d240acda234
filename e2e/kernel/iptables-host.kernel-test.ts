import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareOnHost } from './compare-on-host.ts';
import { hasIptables, type IptablesKind, IptablesLoader, readIpsets, sayableByIptables } from './iptables-backend.ts';
import { KernelOracle } from './oracle.ts';

/** `npm run test:oracle` sets the figures of the nft ring; `npm test` runs this shorter cut. A seed repeats a run. */
const POLICIES = Number(process.env['FIREBREAK_IPTABLES_POLICIES'] ?? 25);
const PROBES = Number(process.env['FIREBREAK_ORACLE_PROBES'] ?? 1200);
const SEED = Number(process.env['FIREBREAK_ORACLE_SEED'] ?? Date.now() % 1_000_000_000);

/** The table that a kernel may lack and the iptables that speaks to nft are the same rules by another way: fewer policies say so. */
const KINDS: readonly (IptablesKind & { readonly label: string; readonly policies: number })[] = [
  { program: 'legacy', table: 'security', label: 'xts', policies: POLICIES },
  { program: 'legacy', table: 'mangle', label: 'xtm', policies: Math.ceil(POLICIES / 2) },
  { program: 'nft', table: 'security', label: 'xtn', policies: Math.ceil(POLICIES / 2) },
];

describe.each(KINDS)('iptables-$program and ipset, table $table', ({ label, policies, ...kind }) => {
  const isHere = hasIptables(kind);
  let oracle: KernelOracle;
  let loader: IptablesLoader;
  beforeAll(async () => {
    if (!isHere) return;
    loader = new IptablesLoader(kind);
    oracle = await KernelOracle.start(label);
  });
  afterAll(async () => {
    await oracle?.stop();
    loader?.stop();
  });

  test.skipIf(!isHere)(`simulator and kernel agree on ${policies} random policies × ${PROBES} probes, seed ${SEED}`, async () => {
    const { disagreements, ...count } = await compareOnHost(
      oracle,
      {
        sayable: sayableByIptables,
        load: (on, { policy, hosts, ruleset }) => on.reload(() => loader.load((...words) => on.onHost(...words), { policy, hosts, name: ruleset.hostName })),
        refused: (on) => readIpsets(on.onHost(['ipset', 'save']), 'miss_'),
      },
      { seed: SEED, policies, probes: PROBES },
    );
    console.log(`iptables-${kind.program} ${kind.table}, seed ${SEED}: ${count.probes} probes, ${count.allowed} let through, ${count.refused} refused, ${count.keys} refused keys compared with the kernel's sets, ${disagreements.length} disagreements`);
    expect(disagreements.slice(0, 5)).toEqual([]);
    expect(count.allowed).toBeGreaterThan(count.probes / 20);
    expect(count.refused).toBeGreaterThan(count.probes / 20);
  });
});
