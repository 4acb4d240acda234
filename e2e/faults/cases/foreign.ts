import type { FaultCase } from '../fault-case.ts';
import { applyRules, confirmPush, type FaultWorld, reinstall } from '../fault-world.ts';
import { assertInvariants } from '../invariants.ts';
import { agentOverSsh } from '../over-ssh.ts';
import { assertTraffic, LETS, PROBE_PORTS } from '../probes.ts';
import { readRules } from '../read-rules.ts';

const { always, never } = PROBE_PORTS;

/** Rules of others in the forms that firewall managers load them: who refuses wins, whoever comes first. e2e/coexistence has the real programs. */
const others: readonly [name: string, ruleset: string][] = [
  ['before ours (firewalld’s priority)', `table inet other { chain in { type filter hook input priority filter + 10; policy accept; udp dport ${always} drop; udp dport ${never} accept; }; }`],
  ['after ours', `table inet other { chain in { type filter hook input priority filter + 30; policy accept; udp dport ${always} drop; udp dport ${never} accept; }; }`],
  ['as iptables-nft has them, refusing what is not allowed', `table ip filter { chain INPUT { type filter hook input priority filter; policy drop; tcp dport 22 accept; ct state established,related accept; udp dport { ${PROBE_PORTS.old}, ${PROBE_PORTS.fresh}, ${never} } accept; }; }`],
  ['in raw, before connection tracking', `table ip raw { chain PREROUTING { type filter hook prerouting priority raw; policy accept; udp dport ${always} drop; }; }`],
];

const LOADED = { ...LETS.old, always: 'none' } as const;

const beside = ([name, ruleset]: (typeof others)[number]): FaultCase => ({
  name: `rules of others ${name}: their refusals and ours hold, and theirs stay as they are`,
  ...(name.startsWith('as ') ? { quick: true as const } : {}),
  run: async (world) => {
    await world.host.run(['nft', '-f', '-'], { stdin: ruleset });
    const { foreign } = await readRules(world.host);
    try {
      await assertTraffic(world.peer, world.host, 'beside theirs', LOADED, 'old');
      await confirmPush(world, await applyRules(world, 'fresh', 60));
      await confirmPush(world, await applyRules(world, 'old', 60));
      await agentOverSsh(world.host, 'verify');
      await assertInvariants(world, { running: ['old'], foreign });
      await assertTraffic(world.peer, world.host, 'after two pushes and verify', LOADED, 'old');
    } finally {
      await removeOthers(world, ruleset);
    }
    await assertTraffic(world.peer, world.host, 'without theirs', LETS.old);
  },
});

const removeOthers = (world: FaultWorld, ruleset: string) => world.host.run(['nft', 'delete', 'table', ...(/^table (\S+) (\S+)/.exec(ruleset) ?? []).slice(1)]);

const reloadedByOthers: FaultCase = {
  name: 'another manager deletes and makes its own table again and again: ours stays, and so does theirs through our pushes',
  run: async (world) => {
    const [, ruleset] = others[0] ?? ['', ''];
    for (let round = 0; round < 3; round += 1) {
      await world.host.run(['nft', '-f', '-'], { stdin: `table inet other\ndelete table inet other\n${ruleset}` });
      const { foreign } = await readRules(world.host);
      const id = await applyRules(world, 'fresh', 60);
      await agentOverSsh(world.host, `rollback --id ${id}`);
      await assertInvariants(world, { running: ['old'], foreign });
    }
    await removeOthers(world, ruleset);
    await reinstall(world);
    await assertInvariants(world, { running: ['old'] });
  },
};

export const foreignCases: readonly FaultCase[] = [...others.map(beside), reloadedByOthers];
