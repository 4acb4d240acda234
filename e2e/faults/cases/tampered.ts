import type { FaultCase } from '../fault-case.ts';
import { applyRules, type FaultWorld, readStatus, reinstall } from '../fault-world.ts';
import { assertInvariants } from '../invariants.ts';
import { agentOverSsh } from '../over-ssh.ts';

const WINDOW_SECONDS = 5;

/** Deletes the first rule of the chain that lets allowed connections in. */
const DELETE_RULE = `handle=$(nft -a list chain inet firebreak allow_in | sed -n 's/^\\t\\t.* # handle \\([0-9]*\\)$/\\1/p' | head -n 1) && nft delete rule inet firebreak allow_in handle "$handle"`;

const tampering: readonly [name: string, script: string, foreign?: string][] = [
  ['a rule was added', 'nft insert rule inet firebreak input accept'],
  ['a rule was deleted', `${DELETE_RULE}`],
  ['a chain was flushed', 'nft flush chain inet firebreak input'],
  ['the deny rules were flushed', 'nft flush chain inet firebreak deny_in'],
  ['an object was added', 'nft add chain inet firebreak theirs'],
  ['the table was flushed', 'nft flush table inet firebreak'],
  ['the table was deleted', 'nft delete table inet firebreak'],
  ['the whole ruleset was flushed', 'nft flush ruleset', ''],
  [
    'a recording set has another type',
    'nft flush chain inet firebreak rec_in; nft delete set inet firebreak in4; nft add set inet firebreak in4 "{ type ipv6_addr; }"',
  ],
];

async function mustShow(world: FaultWorld): Promise<void> {
  const status = await readStatus(world.host);
  if (status.loaded && status.kernelHash === status.expectedKernelHash) throw new Error(`status does not show it: ${JSON.stringify(status)}`);
}

const shown = ([name, script, foreign]: (typeof tampering)[number]): FaultCase => ({
  name: `${name}: status shows it, rollback repairs it`,
  ...(script.includes('ruleset') || script === DELETE_RULE ? { quick: true as const } : {}),
  run: async (world) => {
    await world.host.run(script);
    await mustShow(world);
    const answer = await agentOverSsh(world.host, 'rollback');
    if (answer.code !== 0) throw new Error(`rollback ended with ${answer.code}: ${answer.stdout}`);
    await assertInvariants(world, { running: ['old'], ...(foreign === undefined ? {} : { foreign }) });
  },
});

const inWindow = ([name, script, foreign]: (typeof tampering)[number]): FaultCase => ({
  name: `${name} in the confirm window: it cannot be confirmed and goes back`,
  run: async (world) => {
    const sinceMs = performance.now();
    const id = await applyRules(world, 'fresh', WINDOW_SECONDS);
    await world.host.run(script);
    const answer = await agentOverSsh(world.host, `confirm ${id}`);
    if (answer.code === 0) throw new Error(`it was confirmed: ${answer.stdout}`);
    await assertInvariants(world, { running: ['old'], sinceMs, windowSeconds: WINDOW_SECONDS, ...(foreign === undefined ? {} : { foreign }) });
  },
});

const nftablesRestarted: FaultCase = {
  name: 'nftables.service was restarted: ours come back after it',
  quick: true,
  run: async (world) => {
    await world.host.run('systemctl restart nftables.service');
    await assertInvariants(world, { running: ['old'] });
  },
};

const unitsDeleted: FaultCase = {
  name: 'our units were deleted: status shows it, installing again repairs it',
  quick: true,
  run: async (world) => {
    await world.host.run(
      'systemctl disable --now firebreak-collect.timer && rm -f /etc/systemd/system/firebreak-* /etc/systemd/system/*/firebreak-* && systemctl daemon-reload',
    );
    const { timerEnabled, bootUnitEnabled } = await readStatus(world.host);
    if (timerEnabled || bootUnitEnabled) throw new Error('status shows units that are gone');
    await reinstall(world);
    const after = await readStatus(world.host);
    if (!after.timerEnabled || !after.bootUnitEnabled) throw new Error('installing again did not bring the units back');
    await assertInvariants(world, { running: ['old'] });
  },
};

const confirmedFileBroken: FaultCase = {
  name: 'confirmed.nft was changed: a push is refused, and a boot takes the policy before',
  run: async (world) => {
    await agentOverSsh(world.host, `confirm ${await applyRules(world, 'third', 60)}`);
    await agentOverSsh(world.host, `confirm ${await applyRules(world, 'old', 60)}`);
    await world.host.run("sed -i 's/10[.]9[.]0[.]0/10.8.0.0/' /var/lib/firebreak/confirmed.nft");
    const answer = await agentOverSsh(world.host, `apply --id ${world.nextPushId()} --by tester --confirm-within 60`, world.rules.fresh.text);
    if (answer.code !== 6) throw new Error(`apply without a way back ended with ${answer.code}: ${answer.stdout}`);
    await world.host.reboot();
    const status = await readStatus(world.host);
    if (status.runningBundle !== world.rules.third.hash) throw new Error(`the boot loaded ${status.runningBundle} and not the policy before`);
    await world.host.run('cp /var/lib/firebreak/previous.nft /var/lib/firebreak/confirmed.nft');
    await assertInvariants(world, { running: ['third'] });
  },
};

export const tamperedCases: readonly FaultCase[] = [...tampering.map(shown), ...tampering.map(inWindow), nftablesRestarted, unitsDeleted, confirmedFileBroken];
