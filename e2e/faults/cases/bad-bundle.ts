import type { FaultCase } from '../fault-case.ts';
import { applyRules, type FaultWorld, readStatus } from '../fault-world.ts';
import { assertInvariants, waitForNoOrphans } from '../invariants.ts';
import { agentOverSsh } from '../over-ssh.ts';

/** Everything that a refusal must leave as it was; spool, seq and cgroups are the recorder's, whose timer may fire at any time. */
const STATE =
  'cd /var/lib/firebreak && cat state && find . -type f | grep -vE "/(spool/.*|seq|cgroups)$" | sort | xargs sha256sum; systemctl list-units --all --plain --no-legend "firebreak-rollback*"';

const refused = (name: string, spoil: (text: string) => string, exitCode = 3): FaultCase => ({
  name: `a bundle ${name} is refused`,
  quick: true,
  run: async (world) => {
    await waitForNoOrphans(world.host, performance.now() + 30_000);
    const before = await world.host.run(STATE);
    const answer = await agentOverSsh(world.host, `apply --id ${world.nextPushId()} --by tester --confirm-within 60`, spoil(world.rules.fresh.text));
    if (answer.code !== exitCode) throw new Error(`apply ended with ${answer.code} and not ${exitCode}: ${answer.stdout}`);
    const after = await world.host.run(STATE);
    if (after !== before) throw new Error(`the refusal changed something:\n${before}\n---\n${after}`);
    await assertInvariants(world, { running: ['old'] });
  },
});

const truncated = [0.02, 0.3, 0.6, 0.999].map((share) => refused(`that ends after ${share * 100} %`, (text) => text.slice(0, Math.floor(text.length * share))));

/** The push's own id and window decide, not the text of the reply. */
const staleConfirm: FaultCase = {
  name: 'a confirmation with another id, after the window, and of an ended push is refused',
  quick: true,
  run: async (world) => {
    const sinceMs = performance.now();
    const id = await applyRules(world, 'fresh', 5);
    await mustRefuse(world, `confirm ${world.nextPushId()}`);
    await assertInvariants(world, { running: ['old'], sinceMs, windowSeconds: 5 });
    await mustRefuse(world, `confirm ${id}`);
    await assertInvariants(world, { running: ['old'] });
    const { last } = await readStatus(world.host);
    if (last?.id !== id || last.event !== 'rolled-back-timeout') throw new Error(`the last event is ${JSON.stringify(last)}`);
  },
};

async function mustRefuse(world: FaultWorld, words: string): Promise<void> {
  const answer = await agentOverSsh(world.host, words);
  if (answer.code !== 5) throw new Error(`${words} ended with ${answer.code} and not 5: ${answer.stdout}`);
}

export const badBundleCases: readonly FaultCase[] = [
  refused('for another host', (text) => text.replace(/^# host h_.{12}$/m, '# host h_zzzzzzzzzzzz')),
  refused('with another hash', (text) => text.replace(/^# hash ..../m, '# hash 0000')),
  refused('with one changed byte', (text) => text.replace('10.20.0.0/16', '10.20.0.0/15')),
  refused('that is empty', () => ''),
  ...truncated,
  staleConfirm,
];
