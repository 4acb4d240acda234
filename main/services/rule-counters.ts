import { FirebreakError } from '../../shared/errors.ts';
import { findHostPolicy } from '../db/bundle-store.ts';
import { listEventsOf } from '../db/host-event-store.ts';
import { type CounterReading, saveCounters } from '../db/rule-counter-store.ts';
import { createAgentClient } from './agent-client.ts';
import { assertOurAgent } from './agent-owner.ts';
import type { BackendContext } from './backend-context.ts';
import { getHost } from './find-host.ts';
import { parseRuleCounters } from './parse-rule-counters.ts';
import { recordObservation } from './record-change.ts';
import { resolveTarget } from './ssh-targets.ts';

const READ_TIMEOUT_MS = 20_000;
const READ_LIMIT_BYTES = 8 * 1_048_576;

/**
 * Changes nothing. No command of the agent prints rules with their counters, so nft itself is asked; `-t list ruleset` and not `list chain`, which would read
 * every recorded flow into the host's memory (agent/lib/kernel.sh). Fixed text of our own.
 */
const SCRIPT = `PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin
echo firebreak-counters=1
sed -n 's/^btime /boot=/p' /proc/stat
listing=$(timeout -s KILL 15 nft -t list ruleset inet) || exit 3
printf '%s\\n' "$listing" | sed -n '/^table inet firebreak {$/,/^}$/p'`;

/** What makes the kernel's rules anew, so that their counters begin at nothing. */
const RELOADS: readonly string[] = ['rolled-back', 'restored'];

/**
 * Reads the counters of a host's rules from its kernel, now, and stores them as the newest.
 * @throws NOT_FOUND · AGENT_NOT_OURS · SUDO_REFUSED where the login may run nothing but the agent · those of an SSH call
 */
export async function readRuleCounters(ctx: BackendContext, name: string, signal?: AbortSignal): Promise<CounterReading> {
  const host = getHost(ctx, name);
  const target = resolveTarget(ctx, host.name);
  const call = signal === undefined ? {} : { signal };
  const status = await createAgentClient(ctx.sshPool).status(target, call);
  assertOurAgent(host.id, host.name, status);
  const doing = 'reading the counters of its rules';
  const answer = await ctx.sshPool.run(target, { argv: ['sh', '-c', SCRIPT], sudo: target.sudo !== 'none', timeoutMs: READ_TIMEOUT_MS, maxOutputBytes: READ_LIMIT_BYTES, doing, ...call });
  if (!answer.stdout.startsWith('firebreak-counters=1\n')) throw new FirebreakError('HOST_REPLY_INVALID', { host: host.name, doing, detail: 'its login may run the agent only, or gives no POSIX shell' });
  // A listing that failed must not look like a kernel without rules.
  if (answer.exitCode !== 0) throw new FirebreakError('HOST_REPLY_INVALID', { host: host.name, doing, detail: 'its nft did not list the rules' });
  const bootSeconds = Number(/^boot=(\d{1,12})$/m.exec(answer.stdout)?.[1] ?? Number.NaN);
  const applied = findHostPolicy(ctx.workspace.read, host.id);
  const loads = [
    ...(applied !== undefined && applied.appliedBundle === status.runningBundle ? [applied.appliedAtMs] : []),
    ...(Number.isNaN(bootSeconds) ? [] : [bootSeconds * 1000]),
    ...listEventsOf(ctx.workspace.read, host.id, 200).flatMap(({ event, atMs }) => (RELOADS.includes(event) ? [atMs] : [])),
  ];
  const reading: CounterReading = {
    readAtMs: ctx.nowMs(),
    sinceMs: loads.length === 0 ? null : Math.max(...loads),
    bundle: status.loaded ? status.runningBundle : null,
    counters: parseRuleCounters(answer.stdout),
  };
  recordObservation(ctx, ['hosts'], (tx) => saveCounters(tx, host.id, reading));
  return reading;
}
