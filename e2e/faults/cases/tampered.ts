import { z } from 'zod';
import { openConsole, overAll } from '../../main-job/lab-console.ts';
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

/** The timer of verify may have come in between: then its event tells it. */
async function mustShow(world: FaultWorld, eventSeqBefore: number): Promise<void> {
  const status = await readStatus(world.host);
  if (!status.loaded || status.kernelHash !== status.expectedKernelHash) return;
  const { stdout } = await agentOverSsh(world.host, `events --after ${eventSeqBefore}`);
  if (!stdout.includes('"event":"tampered"')) throw new Error(`neither status nor an event shows it: ${JSON.stringify(status)}`);
}

const eventSeqOf = async (world: FaultWorld) => (await readStatus(world.host)).eventSeq ?? 0;

const shown = ([name, script, foreign]: (typeof tampering)[number]): FaultCase => ({
  name: `${name}: status shows it, rollback repairs it`,
  ...(script.includes('ruleset') || script === DELETE_RULE ? { quick: true as const } : {}),
  run: async (world) => {
    const before = await eventSeqOf(world);
    await world.host.run(script);
    await mustShow(world, before);
    const answer = await agentOverSsh(world.host, 'rollback');
    if (answer.code !== 0) throw new Error(`rollback ended with ${answer.code}: ${answer.stdout}`);
    await assertInvariants(world, { running: ['old'], ...(foreign === undefined ? {} : { foreign }) });
  },
});

/** What `events` gives the console: the event after a number, with its fields. */
const Told = z.object({ at: z.number(), event: z.string(), fields: z.record(z.string(), z.unknown()) });
async function readTold(world: FaultWorld, after: number): Promise<z.infer<typeof Told>[]> {
  const { stdout } = await agentOverSsh(world.host, `events --after ${after}`);
  return stdout.split('\n').filter(Boolean).map((line) => Told.parse(JSON.parse(line)));
}

const putRight = ([name, script, foreign]: (typeof tampering)[number]): FaultCase => ({
  name: `${name}: verify tells the difference and puts it right`,
  ...(script.includes('ruleset') ? { quick: true as const } : {}),
  run: async (world) => {
    const before = await eventSeqOf(world);
    await world.host.run(script);
    const sinceSeconds = Math.floor(Date.now() / 1000);
    await agentOverSsh(world.host, 'verify');
    await assertInvariants(world, { running: ['old'], ...(foreign === undefined ? {} : { foreign }) });
    const told = await readTold(world, before);
    const tampered = told.find(({ event }) => event === 'tampered');
    if (!tampered || !told.some(({ event }) => event === 'restored')) throw new Error(`the events are ${JSON.stringify(told)}`);
    if (Math.abs(tampered.at - sinceSeconds) > 60 || String(tampered.fields['difference']) === '') throw new Error(`it tells too little: ${JSON.stringify(tampered)}`);
  },
});

/** A person with sudo: the journal has who and what, and the console's audit log gets it with the next collection. */
const knownCulprit: FaultCase = {
  name: 'flushed with sudo by a known person: time, difference and process are recorded, and reach the console’s audit log',
  quick: true,
  run: async (world) => {
    const before = await eventSeqOf(world);
    // As whoever logs in as admin does it; no other connection to the host may be needed to find out.
    await world.host.run(['su', 'admin', '-c', 'sudo nft flush table inet firebreak']);
    // sudo's own mark, which a later case would take for something that uninstalling left.
    await world.host.run('rm -f /home/admin/.sudo_as_admin_successful');
    const { client, backend } = openConsole(world.workspacePath);
    try {
      await overAll(client, 'collect');
      const [tampered] = (await readTold(world, before)).filter(({ event }) => event === 'tampered');
      if (!/^sudo: .*admin.*COMMAND=\S*nft flush table inet firebreak/.test(String(tampered?.fields['process']))) throw new Error(`the event is ${JSON.stringify(tampered)}`);
      const entries = await client.audit.list({ limit: 50, beforeSeq: null });
      const told = JSON.stringify(entries.filter(({ actor }) => actor === `host:${world.host.name}`));
      for (const word of ['tampered', 'nft flush table inet firebreak', 'inferred']) if (!told.includes(word)) throw new Error(`the audit log lacks “${word}”: ${told}`);
      await assertInvariants(world, { running: ['old'] });
    } finally {
      await backend.close();
    }
  },
};

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

const unitDamage: readonly [name: string, script: string][] = [
  ['the timer of verify was disabled', 'systemctl disable --now firebreak-verify.timer'],
  ['the boot unit was disabled', 'systemctl disable firebreak-boot.service'],
  ['our units were changed', "sed -i 's/firebreak-agent/true/' /etc/systemd/system/firebreak-boot.service && systemctl daemon-reload"],
  ['our units were deleted', 'rm -f /etc/systemd/system/firebreak-* /etc/systemd/system/*/firebreak-* && systemctl daemon-reload'],
];
const unitsPutRight = ([name, script]: (typeof unitDamage)[number]): FaultCase => ({
  name: `${name}: verify tells it and puts it right`,
  run: async (world) => {
    const before = await eventSeqOf(world);
    await world.host.run(script);
    await agentOverSsh(world.host, 'verify');
    const told = await readTold(world, before);
    if (!told.some(({ event }) => event === 'unit-repaired')) throw new Error(`the events are ${JSON.stringify(told)}`);
    const again = await agentOverSsh(world.host, 'verify');
    if (!again.stdout.includes('"found":""')) throw new Error(`verify still finds something: ${again.stdout}`);
    await assertInvariants(world, { running: ['old'] });
  },
});

const confirmedFileBroken: FaultCase = {
  name: 'confirmed.nft was changed: a push mends it from its second copy and has its way back',
  run: async (world) => {
    await world.host.run("sed -i 's/10[.]9[.]0[.]0/10.8.0.0/' /var/lib/firebreak/confirmed.nft");
    const sinceMs = performance.now();
    await applyRules(world, 'fresh', WINDOW_SECONDS);
    await assertInvariants(world, { running: ['old'], sinceMs, windowSeconds: WINDOW_SECONDS });
  },
};

const bothConfirmedFilesBroken: FaultCase = {
  name: 'confirmed.nft and its copy were changed: a push is refused, and a boot takes the policy before',
  run: async (world) => {
    await agentOverSsh(world.host, `confirm ${await applyRules(world, 'third', 60)}`);
    await agentOverSsh(world.host, `confirm ${await applyRules(world, 'old', 60)}`);
    await world.host.run("sed -i 's/10[.]9[.]0[.]0/10.8.0.0/' /var/lib/firebreak/confirmed.nft /etc/firebreak/confirmed.nft");
    const answer = await agentOverSsh(world.host, `apply --id ${world.nextPushId()} --by tester --confirm-within 60`, world.rules.fresh.text);
    if (answer.code !== 6) throw new Error(`apply without a way back ended with ${answer.code}: ${answer.stdout}`);
    await world.host.reboot();
    const status = await readStatus(world.host);
    if (status.runningBundle !== world.rules.third.hash) throw new Error(`the boot loaded ${status.runningBundle} and not the policy before`);
    await world.host.run('cp /var/lib/firebreak/previous.nft /var/lib/firebreak/confirmed.nft');
    await assertInvariants(world, { running: ['third'] });
  },
};

export const tamperedCases: readonly FaultCase[] = [
  ...tampering.map(shown),
  ...tampering.map(putRight),
  ...tampering.map(inWindow),
  knownCulprit,
  nftablesRestarted,
  ...unitDamage.map(unitsPutRight),
  unitsDeleted,
  confirmedFileBroken,
  bothConfirmedFilesBroken,
];
