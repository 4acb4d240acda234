import { AgentStatus } from '../../../shared/contract/agent-replies.ts';
import { type Sandbox, openSandbox } from '../../../agent/testing/sandbox.ts';
import { HOST_ID, OBSERVE } from '../../../agent/testing/agent-story.ts';
import { sampleBundle } from '../../../agent/testing/sample-bundle.ts';
import type { FaultCase } from '../fault-case.ts';
import { agentOverSsh } from '../over-ssh.ts';
import { assertInvariants } from '../invariants.ts';
import { splitRuleset } from '../read-rules.ts';

const FOREIGN = 'table inet theirs { chain input { type filter hook input priority 0; policy accept; tcp dport 25 counter drop; }; }';
/** What a host may lack: an empty file that cannot run lies over each. */
const ABSENT = ['bash', 'python3', 'python', 'perl', 'systemctl', 'systemd-run', 'curl', 'wget', 'ssh-keygen', 'logger', 'journalctl', 'busctl'];
const HIDE = ABSENT.map((name) => `for f in /bin/${name} /usr/bin/${name} /usr/local/bin/${name}; do [ -e $f ] && mount --bind /run/nothing $(readlink -f $f); done`).join('; ');

const policies = { old: sampleBundle({ mode: 'enforce', policy: 2 }), fresh: sampleBundle({ mode: 'enforce', policy: 3, allowedPort: 8443 }) } as const;

/** A host of busybox only: its sh and its tools, nft, and nothing of what ABSENT names; no systemd, so that the rollback is a sleeping process. */
async function onBareHost(run: (sandbox: Sandbox) => Promise<void>): Promise<void> {
  const sandbox = await openSandbox('busybox sh', { busyboxTools: true });
  try {
    await must(sandbox, `: >/run/nothing; ${HIDE}; nft '${FOREIGN}'`);
    await run(sandbox);
  } finally {
    sandbox.close();
  }
}

async function must(sandbox: Sandbox, script: string): Promise<string> {
  const { code, stdout, stderr } = await sandbox.run(script);
  if (code !== 0) throw new Error(`${script} ended with ${code}: ${stdout}${stderr}`);
  return stdout;
}

async function agent(sandbox: Sandbox, words: string, stdin = ''): Promise<AgentStatus> {
  const { code, stdout, stderr } = await sandbox.agent(words, stdin);
  if (code !== 0) throw new Error(`${words} ended with ${code}: ${stdout}${stderr}`);
  return AgentStatus.parse(JSON.parse(stdout));
}

const rulesOf = async (sandbox: Sandbox) => splitRuleset(await must(sandbox, 'nft -s list ruleset'));

/** I1, I3 and I6 as far as a host without SSH has them. */
async function assertRuns(sandbox: Sandbox, name: keyof typeof policies, foreign: string): Promise<void> {
  const status = await agent(sandbox, 'status');
  const told = [status.runningBundle, status.confirmedBundle, status.kernelHash === status.expectedKernelHash, status.pending];
  if (JSON.stringify(told) !== JSON.stringify([policies[name].hash, policies[name].hash, true, null])) throw new Error(`I1: ${name} should run: ${JSON.stringify(status)}`);
  if ((await rulesOf(sandbox)).foreign !== foreign) throw new Error('I3: other tables changed');
  const left = await must(sandbox, 'ps -eo stat,args | grep -v "^Z" | grep "[f]irebreak-sleeper"; ls -A /run/firebreak | grep "^tmp"; true');
  if (left !== '') throw new Error(`I6: left over: ${left}`);
}

const wholeLife: FaultCase = {
  name: 'busybox, and no bash, Python, systemd, curl, ssh-keygen or journal: install, push, rollback by its timer, boot and uninstall',
  quick: true,
  run: () =>
    onBareHost(async (sandbox) => {
      const { foreign } = await rulesOf(sandbox);
      const filesBefore = await must(sandbox, 'find /etc /usr/local /var/lib -xdev | sort');
      await agent(sandbox, `install --host-id ${HOST_ID}`, OBSERVE.text);
      await agent(sandbox, 'apply --id p_1 --by tester --confirm-within 60', policies.old.text);
      await agent(sandbox, 'confirm p_1');
      await assertRuns(sandbox, 'old', foreign);
      const rules = await rulesOf(sandbox);
      await agent(sandbox, 'apply --id p_2 --by tester --confirm-within 5', policies.fresh.text);
      await must(sandbox, 'n=0; while [ -d /var/lib/firebreak/pending ]; do n=$((n + 1)); [ $n -lt 400 ] || exit 1; sleep 0.1; done; while ps -eo args | grep -q "[f]irebreak-agent rollback\\|[f]irebreak-sleeper"; do sleep 0.1; done');
      await assertRuns(sandbox, 'old', foreign);
      if (JSON.stringify(await rulesOf(sandbox)) !== JSON.stringify(rules)) throw new Error('I1: the rollback did not bring the same rules back');
      await must(sandbox, 'nft delete table inet firebreak');
      await must(sandbox, 'busybox sh /usr/local/lib/firebreak/firebreak-agent boot');
      await assertRuns(sandbox, 'old', foreign);
      await must(sandbox, 'busybox sh /usr/local/lib/firebreak/firebreak-agent uninstall');
      const after = await rulesOf(sandbox);
      if (after.whole !== null || after.foreign !== foreign) throw new Error('I3: uninstalling left our table or changed another');
      const filesAfter = await must(sandbox, 'find /etc /usr/local /var/lib -xdev | sort');
      if (filesAfter !== filesBefore) throw new Error('I6: uninstalling left files');
    }),
};

/** Takes the program away for real: one that is there and cannot run is found by `command -v` of busybox. */
const withoutTool = (name: string) =>
  `for d in bin sbin; do mkdir -p /run/over-$d/upper /run/over-$d/work && mount -t overlay overlay -o lowerdir=/usr/$d,upperdir=/run/over-$d/upper,workdir=/run/over-$d/work /usr/$d || exit 1; done; rm -f /usr/bin/${name} /usr/sbin/${name}; ! command -v ${name}`;

const lacks = (name: string, { code: wanted, error } = { code: 6, error: 'TOOL_MISSING' }): FaultCase => ({
  name: `a host without ${name}: the install is refused by name, and nothing is left`,
  run: () =>
    onBareHost(async (sandbox) => {
      const before = await must(sandbox, 'find /etc /usr/local /var/lib -xdev | sort; nft list ruleset');
      await must(sandbox, withoutTool(name));
      const { code, stdout } = await sandbox.agent(`install --host-id ${HOST_ID}`, OBSERVE.text);
      if (code !== wanted || !stdout.includes(error) || !stdout.includes(name)) throw new Error(`install ended with ${code}: ${stdout}`);
      await must(sandbox, 'umount -l /usr/bin /usr/sbin');
      const after = await must(sandbox, 'find /etc /usr/local /var/lib -xdev | sort; nft list ruleset');
      if (after !== before) throw new Error(`it left something:\n${after}`);
    }),
});

/** Such a host works over iptables, which this machine has: it is the rules that do not fit. */
const withoutNft = lacks('nft', { code: 3, error: 'BUNDLE_REFUSED' });

const readOnlyInstall: FaultCase = {
  name: 'a read-only root: the install is refused, and nothing is loaded',
  run: () =>
    onBareHost(async (sandbox) => {
      const before = await must(sandbox, 'nft list ruleset');
      await must(sandbox, 'for d in /usr/local/lib /usr/local/sbin /var/lib /etc; do mount -o remount,bind,ro $d; done');
      const { code, stdout } = await sandbox.agent(`install --host-id ${HOST_ID}`, OBSERVE.text);
      if (code !== 7) throw new Error(`install ended with ${code} and not 7: ${stdout}`);
      const after = await must(sandbox, 'nft list ruleset');
      if (after !== before) throw new Error('something was loaded');
    }),
};

const READ_ONLY = 'for d in /var/lib/firebreak /etc/firebreak /usr/local/lib; do mount --bind $d $d && mount -o remount,bind,ro $d || exit 1; done';
const WRITABLE = 'for d in /var/lib/firebreak /etc/firebreak /usr/local/lib; do umount $d; done; true';

const readOnlyApply: FaultCase = {
  name: 'a disk that became read-only: a push is refused before the rules are touched, and a rollback and verify still work',
  run: async (world) => {
    await world.host.run(READ_ONLY);
    try {
      const answer = await agentOverSsh(world.host, `apply --id ${world.nextPushId()} --by tester --confirm-within 60`, world.rules.fresh.text);
      if (answer.code !== 7) throw new Error(`apply ended with ${answer.code} and not 7: ${answer.stdout}`);
      await world.host.run('nft insert rule inet firebreak input accept');
      const repaired = await agentOverSsh(world.host, 'verify');
      if (repaired.code !== 0) throw new Error(`verify ended with ${repaired.code}: ${repaired.stdout}`);
      await world.host.run('nft delete table inet firebreak');
      const rolledBack = await agentOverSsh(world.host, 'rollback');
      if (rolledBack.code !== 0) throw new Error(`rollback ended with ${rolledBack.code}: ${rolledBack.stdout}`);
    } finally {
      await world.host.run(WRITABLE);
    }
    await assertInvariants(world, { running: ['old'] });
  },
};

export const bareHostCases: readonly FaultCase[] = [wholeLife, lacks('flock'), withoutNft, readOnlyInstall, readOnlyApply];
