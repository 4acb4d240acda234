import { createHash, generateKeyPairSync } from 'node:crypto';
import { sealBundle } from '../../../main/services/seal-bundle.ts';
import type { FaultCase } from '../fault-case.ts';
import { applyRules, confirmPush, type FaultWorld, readStatus } from '../fault-world.ts';
import type { Way } from '../foreign-rules.ts';
import { assertInvariants, waitForNoOrphans, waitForNothingPending } from '../invariants.ts';
import { agentOverSsh } from '../over-ssh.ts';

/** Everything that a refusal must leave as it was; spool, seq and cgroups are the recorder's, whose timer may fire at any time. */
const STATE =
  'cd /var/lib/firebreak && cat state && find . /etc/firebreak -type f | grep -vE "/(spool/.*|seq|cgroups)$" | sort | xargs sha256sum; systemctl list-units --all --plain --no-legend "firebreak-rollback*"';

/** The body with what no bundle may say, in the words and at a place that its reader knows. */
const BEYOND: Readonly<Record<Way, (body: string) => string>> = { nft: (body) => `${body}flush ruleset\n`, iptables: (body) => body.replace(/^COMMIT$/m, '-A INPUT -j ACCEPT\nCOMMIT') };

type Bad = readonly [name: string, make: (world: FaultWorld) => string, code: string];

const cutOff = (text: string, share: number) => text.slice(0, Math.floor(text.length * share));
const otherKey = generateKeyPairSync('ed25519').privateKey;
const fresh = (world: FaultWorld) => world.rules.fresh.text;
const signatureOf = (text: string) => text.slice(text.indexOf('# -----BEGIN SSH SIGNATURE-----'));
const withoutSignature = (text: string) => text.slice(0, text.indexOf('# -----BEGIN SSH SIGNATURE-----'));

const bad: readonly Bad[] = [
  ['made and signed for another host', (world) => world.seal(world.rules.fresh.unsealed.replace(/^# host h_.{12}$/m, '# host h_zzzzzzzzzzzz')), 'BUNDLE_REFUSED'],
  ['for another host with this host’s id written over it', (world) => fresh(world).replace(/^# host h_.{12}$/m, '# host h_zzzzzzzzzzzz'), 'SIGNATURE_REFUSED'],
  ['signed with a hash that is not its text’s', (world) => world.seal(world.rules.fresh.unsealed.replace(/^# hash ..../m, '# hash 0000')), 'BUNDLE_REFUSED'],
  ['with one changed byte', (world) => fresh(world).replace('10.20.0.0/16', '10.20.0.0/15'), 'SIGNATURE_REFUSED'],
  ['without a signature', (world) => world.rules.fresh.unsealed, 'SIGNATURE_REFUSED'],
  ['signed by another workspace', (world) => sealBundle(otherKey, world.rules.fresh.unsealed, Date.now()), 'SIGNATURE_REFUSED'],
  ['with the signature of another bundle', (world) => `${withoutSignature(fresh(world))}${signatureOf(world.rules.third.text)}`, 'SIGNATURE_REFUSED'],
  ['with a changed byte in its signature', (world) => fresh(world).replace(/^# U1NIU0lH/m, '# U1NIU0lI'), 'SIGNATURE_REFUSED'],
  ['with statements behind its signature', (world) => `${fresh(world)}flush chain inet firebreak input\n`, 'BUNDLE_REFUSED'],
  ['with another number than was signed', (world) => fresh(world).replace(/^# seq .*$/m, '# seq 99999999999999'), 'SIGNATURE_REFUSED'],
  ['with a number that was used', (world) => world.seal(world.rules.fresh.unsealed, 1), 'BUNDLE_REPLAYED'],
  ['that reaches beyond our table', (world) => world.seal(withBody(world.rules.fresh.unsealed, BEYOND[world.way])), 'BUNDLE_REFUSED'],
  ['that is empty', () => '', 'SIGNATURE_REFUSED'],
  ...[0.02, 0.3, 0.6, 0.95, 0.999].map((share): Bad => [`that ends after ${share * 100} %`, (world) => cutOff(fresh(world), share), 'SIGNATURE_REFUSED']),
];

/** A bundle with a changed body, whose signature is this workspace's own: only the agent's own rule about what a bundle may do stands against it. */
function withBody(unsealed: string, change: (body: string) => string): string {
  const [header = '', body = ''] = unsealed.split(/(?<=\n# hash .*\n)/, 2);
  const changed = change(body);
  return `${header.replace(/^# hash .*$/m, `# hash ${createHash('sha256').update(changed).digest('hex')}`)}${changed}`;
}

function changedLines(before: string, after: string): string {
  const [former, later] = [before.split('\n'), after.split('\n')];
  return [...former.filter((line) => !later.includes(line)).map((line) => `-${line}`), ...later.filter((line) => !former.includes(line)).map((line) => `+${line}`)].join('\n');
}

/** Each one after the other, on a host that nothing of it changes; the invariants are asserted once more at the end. */
const refused = (name: string, some: readonly Bad[]): FaultCase => ({
  name: `refused, and nothing changes: bundles ${name}`,
  quick: true,
  run: async (world) => {
    await waitForNoOrphans(world.host, performance.now() + 30_000);
    await waitForNothingPending(world.host, 30_000);
    // What the case before left to the next command that takes the lock (a state that a full disk kept in memory) is no doing of the refusal.
    await agentOverSsh(world.host, 'verify');
    for (const [what, make, code] of some) {
      const before = await world.host.run(STATE);
      const answer = await agentOverSsh(world.host, `apply --id ${world.nextPushId()} --by tester --confirm-within 60`, make(world));
      if (answer.code !== 3 || !answer.stdout.includes(`"error":"${code}"`)) throw new Error(`${what}: apply ended with ${answer.code} and not 3 ${code}: ${answer.stdout}`);
      const after = await world.host.run(STATE);
      if (after !== before) throw new Error(`${what}: the refusal changed something:\n${changedLines(before, after)}`);
    }
    await assertInvariants(world, { running: ['old'] });
  },
});

/** What was taken once is not taken again: neither the same bytes nor an older policy that was signed for this very host. */
const replayed: FaultCase = {
  name: 'a bundle that ran here before is refused when it is sent again',
  quick: true,
  run: async (world) => {
    const { text } = world.rules.fresh;
    const push = (id: string) => agentOverSsh(world.host, `apply --id ${id} --by tester --confirm-within 60`, text);
    const first = world.nextPushId();
    const taken = await push(first);
    if (taken.code !== 0) throw new Error(`the first apply ended with ${taken.code}: ${taken.stdout}`);
    await confirmPush(world, first);
    const at = async (state: string) => {
      const again = await push(world.nextPushId());
      if (again.code !== 3 || !again.stdout.includes('BUNDLE_REPLAYED')) throw new Error(`${state}: it was not refused: ${again.code} ${again.stdout}`);
    };
    await at('while it runs');
    await confirmPush(world, await applyRules(world, 'old', 60));
    await at('after a newer one');
    await world.host.reboot();
    await at('after a reboot');
    await assertInvariants(world, { running: ['old'] });
  },
};

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

/** The key away, or another in its place: the host takes nothing until verify has put the pinned one back. */
const keyTaken = (name: string, script: string): FaultCase => ({
  name: `the pinned key ${name}: no bundle of another key is taken, and verify puts the key back`,
  run: async (world) => {
    await agentOverSsh(world.host, 'verify');
    await world.host.run(script);
    for (const text of [world.rules.fresh.unsealed, sealBundle(otherKey, world.rules.fresh.unsealed, Date.now())]) {
      const answer = await agentOverSsh(world.host, `apply --id ${world.nextPushId()} --by tester --confirm-within 60`, text);
      if (answer.code !== 3) throw new Error(`apply ended with ${answer.code} and not 3: ${answer.stdout}`);
    }
    const { stdout } = await agentOverSsh(world.host, 'verify');
    if (!stdout.includes('"found":"agent-file"') || !stdout.includes('"unrepaired":""')) throw new Error(`verify tells ${stdout}`);
    await confirmPush(world, await applyRules(world, 'fresh', 60));
    await assertInvariants(world, { running: ['fresh'] });
  },
});

const SIGNERS = '/etc/firebreak/allowed_signers';
const half = Math.ceil(bad.length / 2);
export const badBundleCases: readonly FaultCase[] = [
  refused('for others, changed, unsigned or of another key', bad.slice(0, half)),
  refused('replayed, beyond our table, empty or cut off', bad.slice(half)),
  replayed,
  staleConfirm,
  keyTaken('is deleted', `rm ${SIGNERS}`),
  keyTaken('is another', `sed -i 's/AAAAC3NzaC1lZDI1NTE5AAAAI..../AAAAC3NzaC1lZDI1NTE5AAAAIabcd/' ${SIGNERS}`),
];
