import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { HostChoice } from '../../shared/contract/host-choice.ts';
import { FirebreakError, isFirebreakError } from '../../shared/errors.ts';
import { type CompatibilityFinding, type HostCompatibility, worstLevel } from '../../shared/model/compatibility.ts';
import type { ResolvedTarget } from '../ssh/ssh-target.ts';
import { REMOTE_AGENT_DIR } from './agent-client.ts';
import { overHosts, type ProgressEvent } from './agent-many.ts';
import type { BackendContext } from './backend-context.ts';
import { listChosenHosts } from './find-host.ts';
import { type CompatibilityProbe, judgeCompatibility } from './judge-compatibility.ts';
import { loginAs, resolveTarget } from './ssh-targets.ts';

const PROBE_TIMEOUT_MS = 60_000;
const PROBE_LIMIT_BYTES = 65_536;
const doing = 'looking whether the agent can run there';

const CompatDocument = z.object({ v: z.literal(1), lines: z.array(z.string().max(400)).max(200) });
type CheckEvent = Exclude<ProgressEvent, { type: 'done' }> | { type: 'done'; result: { hosts: HostCompatibility[] } };

/**
 * Looks whether the agent can run on each chosen host, and writes nothing there. A host that cannot be asked has its error in the result.
 * `signal` ends the questions under way at once: a generator that waits hears of its reader's leaving only at its next event.
 */
export async function* checkHosts(ctx: BackendContext, choice: HostChoice, as: string | null, signal?: AbortSignal): AsyncGenerator<CheckEvent, void, void> {
  const stop = new AbortController();
  signal?.addEventListener('abort', () => stop.abort(), { once: true });
  const found = new Map<string, CompatibilityFinding[]>();
  const events = overHosts(
    ctx,
    listChosenHosts(ctx, choice),
    async (host, say) => {
      say(doing);
      const findings = await askHost(ctx, loginAs(resolveTarget(ctx, host.name), as), stop.signal);
      found.set(host.name, findings);
      return worstLevel(findings);
    },
    stop,
  );
  for await (const event of events) {
    if (event.type !== 'done') yield event;
    else yield { type: 'done', result: { hosts: event.result.hosts.map(({ hostName, ok, error }) => toResult(hostName, ok, error, found.get(hostName) ?? [])) } };
  }
}

const toResult = (hostName: string, ok: boolean, error: HostCompatibility['error'], findings: CompatibilityFinding[]): HostCompatibility => ({ hostName, ok, level: ok ? worstLevel(findings) : null, findings, error });

/**
 * What is yellow, for the person who installs.
 * @throws HOST_UNSUPPORTED with every red finding: none of them can be overridden, because each means that the agent would not work
 */
export async function assertCompatible(ctx: BackendContext, target: ResolvedTarget, signal: AbortSignal): Promise<CompatibilityFinding[]> {
  const findings = await askHost(ctx, target, signal);
  const reasons = findings.filter(({ level }) => level === 'red').map(({ text, todo }) => `${text.replace(/\.$/, '')}${todo === '' ? '' : ` (${todo.replace(/\.$/, '')})`}`);
  if (reasons.length > 0) throw new FirebreakError('HOST_UNSUPPORTED', { host: target.hostName, reasons });
  return findings.filter(({ level }) => level === 'yellow');
}

async function askHost(ctx: BackendContext, target: ResolvedTarget, signal: AbortSignal): Promise<CompatibilityFinding[]> {
  const beforeMs = ctx.nowMs();
  const { lines, isRoot } = await readProbe(ctx, target, signal);
  const consoleClockSeconds = Math.round((beforeMs + ctx.nowMs()) / 2000);
  const probe = parseProbe(lines);
  if (!probe.has('firebreak-compat')) throw new FirebreakError('HOST_UNSUPPORTED', { host: target.hostName, reasons: ['its login gives no POSIX shell'] });
  return judgeCompatibility(probe, { consoleClockSeconds, user: target.user, isRoot: isRoot && probe.get('uid')?.[0] === '0' });
}

/** As root by way of a shell; where sudo allows only the agent, by way of that; where it allows nothing, as the login itself. */
async function readProbe(ctx: BackendContext, target: ResolvedTarget, signal: AbortSignal): Promise<{ lines: string[]; isRoot: boolean }> {
  const script = await readFile(join(ctx.agentDir, 'lib', 'facts-compat.sh'), 'utf8');
  // Fixed text of our own, expanded by the login shell.
  const common = { rawSuffix: '"$SSH_CONNECTION"', timeoutMs: PROBE_TIMEOUT_MS, maxOutputBytes: PROBE_LIMIT_BYTES, doing, signal };
  const byShell = async (sudo: boolean) => (await ctx.sshPool.run(target, { ...common, argv: ['sh', '-c', script, 'sh'], sudo })).stdout.split('\n');
  try {
    return { lines: await byShell(target.sudo !== 'none'), isRoot: true };
  } catch (error) {
    if (!isFirebreakError(error, 'SUDO_REFUSED') && !(isFirebreakError(error, 'SUDO_PASSWORD_NEEDED') && target.sudo === 'nopasswd')) throw error;
    const byAgent = await ctx.sshPool.run(target, { ...common, argv: [`${REMOTE_AGENT_DIR}/firebreak-agent`, 'compat', '--ssh'], sudo: true }).catch(() => null);
    const document = byAgent?.exitCode === 0 ? CompatDocument.safeParse(readJson(byAgent.stdout)) : null;
    if (document?.success === true) return { lines: document.data.lines, isRoot: true };
    return { lines: await byShell(false), isRoot: false };
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // a refusal in words: the caller then asks without root
  }
}

/** The lines of agent/lib/facts-compat.sh; what is none is left out. Pure. */
export function parseProbe(lines: readonly string[]): CompatibilityProbe {
  const probe = new Map<string, string[]>();
  for (const line of lines) {
    const [, key, value] = /^([A-Za-z0-9.-]+)=(.*)$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) probe.set(key, [...(probe.get(key) ?? []), value]);
  }
  return probe;
}
