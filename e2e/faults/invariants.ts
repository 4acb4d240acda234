import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { LabHost } from '../lab/host.ts';
import { type FaultWorld, type RulesName, readStatus } from './fault-world.ts';
import { agentOverSsh, overSsh } from './over-ssh.ts';
import { readRules } from './read-rules.ts';

export type Expected = {
  /** Which policies may be the confirmed and running one now. */
  readonly running: readonly RulesName[];
  /** When the fault happened (performance.now), and the confirm window that was open then; default: now, none. */
  readonly sinceMs?: number;
  readonly windowSeconds?: number;
  /** For cases in which somebody else removed the foreign tables. */
  readonly foreign?: string;
};

/** What follows a bundle's body: its hash leaves it out. */
const SIGNATURE = /^# -----BEGIN SSH SIGNATURE-----\n[\s\S]*/m;

/** What RELIABILITY.md gives the admin beyond the window (I2). */
const SSH_GRACE_MS = 5_000;
/** For what the host has begun by itself, which runs at nice 19: an hourly snapshot took over 40 s on a machine with other work. What is left over for good is still there then. */
const SETTLE_MS = 120_000;

const JOURNAL =
  'journalctl --sync; journalctl --quiet --no-pager --output=short-precise -n 40 SYSLOG_IDENTIFIER=firebreak + UNIT=firebreak-collect.service; ls -lA --full-time /run/firebreak /var/lib/firebreak; cat /var/lib/firebreak/state';

/** What may lie on a host with nothing pending; anything else that this prints is an orphan (I6). */
const LIST_ORPHANS = `
# While a push waits for its timer the rest would only cost: ten hosts that are asked like this share two cores.
if [ -d /var/lib/firebreak/pending ] && systemctl list-units --plain --no-legend 'firebreak-rollback*.timer' | grep .; then exit 0; fi
systemctl list-units --all --plain --no-legend 'firebreak-rollback*' | sed 's/^/unit /'
systemctl list-jobs --no-legend | grep firebreak | sed 's/^/job /'
systemctl list-units --failed --plain --no-legend 'firebreak*' | grep -v '^firebreak-collect' | sed 's/^/failed unit /'
ls -A /run/firebreak | grep -E '^tmp[.]|^sleeper$|[.]new$' | sed 's|^|/run/firebreak/|'
ls -A /var/lib/firebreak | grep -E '^(pending|installing|space)|[.](new|old|next)$' | sed 's|^|/var/lib/firebreak/|'
ls -A /var/lib/firebreak/spool | grep -v '[.]gz$' | sed 's|^|/var/lib/firebreak/spool/|'
find /usr/local/lib/firebreak /etc/firebreak /etc/systemd/system /usr/local/sbin -name '*.new' -o -name '*.old'
ls -A /tmp /var/tmp | grep -iE 'firebreak|^tmp[.]'
(cd /usr/local/lib/firebreak && sha256sum --quiet -c MANIFEST 2>&1)
(cd /var/lib/firebreak/program && sha256sum --quiet -c MANIFEST 2>&1)
ps -eo stat,pid,args | grep -v '^Z' | grep -E '[f]irebreak|[n]ft -[cf]|[t]ables-restore|[i]pset .*restore'
true`;

/**
 * The one check after every fault. Waits until the host has nothing pending, then tells everything that is wrong at once:
 * I1 what runs is exactly one of the expected policies, is the confirmed one, and lies whole on the disk; I2 SSH from the console works within the
 * window and 5 s; I3 other tables are byte for byte as they were; I6 no process, file, unit or timer is left over. Gives the policy that runs.
 */
export async function assertInvariants(world: FaultWorld, expected: Expected): Promise<RulesName> {
  const { host } = world;
  const windowMs = (expected.windowSeconds ?? 0) * 1000;
  const sinceMs = expected.sinceMs ?? performance.now();
  const problems: string[] = [];
  if (!(await sshWorksBy(host, sinceMs + windowMs + SSH_GRACE_MS))) problems.push(`I2: no SSH within the window and ${SSH_GRACE_MS / 1000} s`);
  const orphans = await waitForNoOrphans(host, sinceMs + windowMs + SETTLE_MS);
  if (orphans !== '') problems.push(`I6: left over: ${orphans}`);
  const rules = await readRules(host);
  const names: readonly RulesName[] = ['old', 'fresh', 'third', 'tested'];
  const running = names.find((name) => world.rules[name].whole === rules.whole);
  if (running === undefined) problems.push(`I1: what runs is none of the known policies:\n${rules.whole ?? 'nothing'}`);
  else if (!expected.running.includes(running)) problems.push(`I1: ${running} runs instead of ${expected.running.join(' or ')}`);
  if (running !== undefined) problems.push(...(await findDisagreement(world, running)));
  if (rules.foreign !== (expected.foreign ?? world.foreign)) problems.push(`I3: other tables changed:\n${rules.foreign}`);
  if (problems.length > 0 || running === undefined) throw new Error([...problems, `What the host says:\n${await host.run(JOURNAL)}`].join('\n'));
  return running;
}

/** What agent and disk say against what the kernel runs. */
async function findDisagreement(world: FaultWorld, running: RulesName): Promise<string[]> {
  const status = await readStatus(world.host);
  const known = world.rules[running];
  const told = {
    pending: status.pending,
    running: status.runningBundle,
    confirmed: status.confirmedBundle,
    kernelIsAsExpected: status.kernelHash === status.expectedKernelHash,
  };
  const truth = { pending: null, running: known.hash, confirmed: known.hash, kernelIsAsExpected: true };
  const bodyOnDisk = (await world.host.run('cat /var/lib/firebreak/confirmed.nft')).replace(/^[\s\S]*?\n# hash .*\n/, '').replace(SIGNATURE, '');
  const hashOnDisk = createHash('sha256').update(bodyOnDisk).digest('hex');
  return [
    ...(JSON.stringify(told) === JSON.stringify(truth) ? [] : [`I1: status tells ${JSON.stringify(told)} and not ${JSON.stringify(truth)}`]),
    ...(hashOnDisk === known.hash ? [] : [`I1: confirmed.nft has body ${hashOnDisk} and not ${known.hash}`]),
  ];
}

/** The deadline is for the rules, which the kernel answers by; logging in then may take as long as a loaded machine needs. */
async function sshWorksBy(host: LabHost, deadlineMs: number): Promise<boolean> {
  while (!(await opensSsh(host.ipv4))) {
    if (performance.now() > deadlineMs) return false;
    await delay(100);
  }
  return (await overSsh(host, 'true', { connectTimeoutSeconds: 30 })).code === 0;
}

/** Whether the kernel of the host takes a connection to port 22 within a second. */
function opensSsh(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port: 22, timeout: 1000 });
    const end = (isOpen: boolean) => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}

/** What a killed command left half written is cleared by the next command that takes the lock: at the latest the hourly snapshot, which is taken here. */
export async function waitForNoOrphans(host: LabHost, deadlineMs: number): Promise<string> {
  for (;;) {
    const orphans = (await host.run(['sh', '-s'], { stdin: LIST_ORPHANS })).trim();
    if (orphans === '' || performance.now() > deadlineMs) return orphans;
    if (!orphans.includes('firebreak-rollback') && /^\/(run|var\/lib)\/firebreak\//m.test(orphans)) await agentOverSsh(host, 'collect');
    await delay(500);
  }
}

/** Seen at the machine's own console: the host goes back by itself, without hearing from anybody. */
export async function waitForNothingPending(host: LabHost, withinMs: number): Promise<void> {
  const deadlineMs = performance.now() + withinMs;
  const script = 'test ! -d /var/lib/firebreak/pending && ! ps -eo args | grep -q "[/]firebreak-agent"';
  while ((await host.exec(script)).code !== 0) {
    if (performance.now() > deadlineMs) throw new Error('the host did not settle by itself');
    await delay(100);
  }
}
