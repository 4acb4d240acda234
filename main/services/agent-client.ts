import { z } from 'zod';
import { AgentCut, AgentFacts, AgentSessions, AgentStatus, AgentUninstalled, AgentVerify } from '../../shared/contract/agent-replies.ts';
import { FirebreakError } from '../../shared/errors.ts';
import type { UninstallRules } from '../../shared/model/compatibility.ts';
import type { ResolvedTarget } from '../ssh/ssh-target.ts';
import type { RunResult, SshPool } from '../ssh/ssh-pool.ts';
import type { AgentCall, AgentCommand, Ask } from './agent-command.ts';
import { toAgentError } from './agent-exit.ts';
import { parseReply } from './parse-reply.ts';
import { type CostCommands, costCommands } from './agent-cost.ts';
import { type ProofCommands, proofCommands } from './agent-proof.ts';

export const REMOTE_AGENT_DIR = '/usr/local/lib/firebreak';
const REMOTE_AGENT_PATH = `${REMOTE_AGENT_DIR}/firebreak-agent`;

const MIB = 1_048_576;
const REPLY_LIMIT_BYTES = MIB;
const DRAIN_LIMIT_BYTES = 64 * MIB;
const EVENTS_LIMIT_BYTES = 4 * MIB;
const SESSIONS_LIMIT_BYTES = 16 * MIB;
const QUICK_TIMEOUT_MS = 20_000;
const LOAD_TIMEOUT_MS = 60_000;
const DRAIN_TIMEOUT_MS = 120_000;

export type ApplyRequest = { pushId: string; by: string; confirmWithinSeconds: number; bundleText: string };
/** `unresolved`: users and groups that the rules name and the host does not have, as `user backup`. */
export type CheckReply = { ok: true; unresolved: string[] } | { ok: false; error: string };

/**
 * The agent's commands over SSH (agent/README.md). Each call is one remote command, tried once: whoever gets no answer must read
 * the host's status back, because the command may have run. Errors: those of SshPool.run, AGENT_MISSING, AGENT_FAILED,
 * HOST_REPLY_INVALID, PUSH_PENDING_ELSEWHERE, CONFIRM_REFUSED, NFT_MISSING, HOST_UNSUPPORTED.
 */
export type AgentClient = CostCommands & ProofCommands & {
  facts(target: ResolvedTarget, call?: AgentCall): Promise<AgentFacts>;
  status(target: ResolvedTarget, call?: AgentCall): Promise<AgentStatus>;
  check(target: ResolvedTarget, bundleText: string, call?: AgentCall): Promise<CheckReply>;
  apply(target: ResolvedTarget, request: ApplyRequest, call?: AgentCall): Promise<AgentStatus>;
  confirm(target: ResolvedTarget, pushId: string, call?: AgentCall): Promise<AgentStatus>;
  rollback(target: ResolvedTarget, pushId: string | null, call?: AgentCall): Promise<AgentStatus>;
  /**
   * The snapshots after `cursor`, oldest first, as unparsed JSON lines; the ingest service judges each. `now` takes one first.
   * A host gives about 32 MiB at a time: ask again after the last one until nothing comes.
   */
  drain(target: ResolvedTarget, request: { cursor: number; now: boolean }, call?: AgentCall): Promise<string[]>;
  /** Has the host look for changed rules, units and agent files and put them right. */
  verify(target: ResolvedTarget, call?: AgentCall): Promise<AgentVerify>;
  /** The events after `cursor`, oldest first, as unparsed JSON lines. */
  events(target: ResolvedTarget, cursor: number, call?: AgentCall): Promise<string[]>;
  /** The connections that live there now. Changes nothing. */
  sessions(target: ResolvedTarget, call?: AgentCall): Promise<AgentSessions>;
  /** Ends live connections after a confirmed push; `lines` as agent/README.md “Sessions” has them. */
  cut(target: ResolvedTarget, request: { pushId: string; lines: readonly string[] }, call?: AgentCall): Promise<AgentCut>;
  uninstall(target: ResolvedTarget, rules: UninstallRules, call?: AgentCall): Promise<AgentUninstalled>;
};


const CheckDocument = z.discriminatedUnion('ok', [
  z.object({ v: z.literal(1), ok: z.literal(true), unresolved: z.array(z.string().max(200)).max(1000).default([]) }),
  z.object({ v: z.literal(1), ok: z.literal(false), error: z.string().max(20_000) }),
]);

export function createAgentClient(pool: SshPool): AgentClient {
  const run = async (target: ResolvedTarget, command: AgentCommand, call: AgentCall): Promise<RunResult> =>
    pool.run(
      target,
      {
        argv: [REMOTE_AGENT_PATH, ...command.words],
        sudo: target.sudo !== 'none',
        timeoutMs: call.timeoutMs ?? command.timeoutMs,
        maxOutputBytes: command.maxOutputBytes ?? REPLY_LIMIT_BYTES,
        doing: command.doing,
        ...(command.stdin === undefined ? {} : { stdin: command.stdin }),
        ...(command.rawSuffix === undefined ? {} : { rawSuffix: command.rawSuffix }),
        ...(command.hold === undefined ? {} : { hold: command.hold }),
        ...(call.signal === undefined ? {} : { signal: call.signal }),
      },
      { freshConnection: call.freshConnection ?? false },
    );
  const ask = async <T>(target: ResolvedTarget, schema: z.ZodType<T>, command: AgentCommand, call: AgentCall = {}): Promise<T> => {
    const result = await run(target, command, call);
    if (result.exitCode !== 0) throw toAgentError(target, command.doing, result);
    return parseReply(target.hostName, command.doing, schema, result.stdout);
  };
  const askLines = async (target: ResolvedTarget, command: AgentCommand, call: AgentCall = {}): Promise<string[]> => {
    const result = await run(target, command, call);
    if (result.exitCode !== 0) throw toAgentError(target, command.doing, result);
    return result.stdout.split('\n').filter((line) => line !== '');
  };
  return {
    // Fixed text of our own: sudo strips SSH_CONNECTION, so the login shell expands it. To count pending updates takes a busy host its time.
    facts: (target, call) => ask(target, AgentFacts, { words: ['facts'], rawSuffix: '--ssh "$SSH_CONNECTION"', doing: 'reading its facts', timeoutMs: LOAD_TIMEOUT_MS }, call),
    status: (target, call) => ask(target, AgentStatus, { words: ['status'], doing: 'reading its status', timeoutMs: QUICK_TIMEOUT_MS }, call),
    async check(target, bundleText, call = {}) {
      const doing = 'checking the new rules';
      const result = await run(target, { words: ['check'], stdin: bundleText, doing, timeoutMs: LOAD_TIMEOUT_MS }, call);
      if (result.exitCode !== 0 && result.exitCode !== 3) throw toAgentError(target, doing, result);
      // A refusal by header, hash or host id is an error document; one by `nft -c` says ok: false. Both have exit code 3.
      if (result.exitCode === 3 && !/"ok"\s*:\s*false/.test(result.stdout)) throw toAgentError(target, doing, result);
      return parseReply(target.hostName, doing, CheckDocument, result.stdout);
    },
    apply: (target, request, call) =>
      ask(
        target,
        AgentStatus,
        {
          words: ['apply', '--id', request.pushId, '--by', request.by, '--confirm-within', String(request.confirmWithinSeconds)],
          stdin: request.bundleText,
          doing: 'loading the new rules',
          timeoutMs: LOAD_TIMEOUT_MS,
        },
        call,
      ),
    confirm: (target, pushId, call) => ask(target, AgentStatus, { words: ['confirm', pushId], doing: 'confirming the new rules', timeoutMs: QUICK_TIMEOUT_MS }, call),
    rollback: (target, pushId, call) =>
      ask(target, AgentStatus, { words: pushId === null ? ['rollback'] : ['rollback', '--id', pushId], doing: 'going back to the former rules', timeoutMs: LOAD_TIMEOUT_MS }, call),
    drain: (target, { cursor, now }, call) =>
      askLines(target, { words: ['drain', '--after', String(cursor), ...(now ? ['--now'] : [])], doing: 'fetching recorded flows', timeoutMs: DRAIN_TIMEOUT_MS, maxOutputBytes: DRAIN_LIMIT_BYTES }, call),
    verify: (target, call) => ask(target, AgentVerify, { words: ['verify'], doing: 'checking what was changed there', timeoutMs: LOAD_TIMEOUT_MS }, call),
    events: (target, cursor, call) => askLines(target, { words: ['events', '--after', String(cursor)], doing: 'fetching its events', timeoutMs: QUICK_TIMEOUT_MS, maxOutputBytes: EVENTS_LIMIT_BYTES }, call),
    ...costCommands(ask, askLines),
    ...connectionCommands(ask, run),
    uninstall: (target, rules, call) => ask(target, AgentUninstalled, { words: ['uninstall', '--rules', rules], doing: 'removing the agent', timeoutMs: LOAD_TIMEOUT_MS }, call),
  };
}

const connectionCommands = (ask: Ask, run: Parameters<typeof proofCommands>[1]): Pick<AgentClient, 'sessions' | 'cut'> & ProofCommands => ({
  ...proofCommands(ask, run),
  sessions: (target, call) => ask(target, AgentSessions, { words: ['sessions'], doing: 'reading its live connections', timeoutMs: QUICK_TIMEOUT_MS, maxOutputBytes: SESSIONS_LIMIT_BYTES }, call),
  cut: (target, { pushId, lines }, call) =>
    // Fixed text of our own, as for facts: the session over which the order comes is never cut.
    ask(
      target,
      AgentCut,
      { words: ['cut', '--id', pushId], rawSuffix: '--ssh "$SSH_CONNECTION"', stdin: lines.map((line) => `${line}\n`).join(''), doing: 'cutting live connections', timeoutMs: LOAD_TIMEOUT_MS },
      call,
    ),
});
