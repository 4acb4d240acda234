import { z } from 'zod';
import { AgentFacts, AgentStatus } from '../../shared/contract/agent-replies.ts';
import { FirebreakError } from '../../shared/errors.ts';
import type { ResolvedTarget } from '../ssh/ssh-target.ts';
import type { RunResult, SshPool } from '../ssh/ssh-pool.ts';
import { toAgentError } from './agent-exit.ts';

export const REMOTE_AGENT_DIR = '/usr/local/lib/firebreak';
const REMOTE_AGENT_PATH = `${REMOTE_AGENT_DIR}/firebreak-agent`;

const MIB = 1_048_576;
const REPLY_LIMIT_BYTES = MIB;
const DRAIN_LIMIT_BYTES = 64 * MIB;
const QUICK_TIMEOUT_MS = 20_000;
const LOAD_TIMEOUT_MS = 60_000;
const DRAIN_TIMEOUT_MS = 120_000;

/** `freshConnection` proves that the host still lets a new connection in; without it an open one is used. */
export type AgentCall = { freshConnection?: boolean; signal?: AbortSignal; timeoutMs?: number };
export type ApplyRequest = { pushId: string; by: string; confirmWithinSeconds: number; bundleText: string };
/** `unresolved`: users and groups that the rules name and the host does not have, as `user backup`. */
export type CheckReply = { ok: true; unresolved: string[] } | { ok: false; error: string };

/**
 * The agent's commands over SSH (agent/README.md). Each call is one remote command, tried once: whoever gets no answer must read
 * the host's status back, because the command may have run. Errors: those of SshPool.run, AGENT_MISSING, AGENT_FAILED,
 * HOST_REPLY_INVALID, PUSH_PENDING_ELSEWHERE, CONFIRM_REFUSED, NFT_MISSING, HOST_UNSUPPORTED.
 */
export type AgentClient = {
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
  uninstall(target: ResolvedTarget, call?: AgentCall): Promise<void>;
};

type Command = { words: readonly string[]; doing: string; stdin?: string; rawSuffix?: string; timeoutMs: number; maxOutputBytes?: number };

const CheckDocument = z.discriminatedUnion('ok', [
  z.object({ v: z.literal(1), ok: z.literal(true), unresolved: z.array(z.string().max(200)).max(1000).default([]) }),
  z.object({ v: z.literal(1), ok: z.literal(false), error: z.string().max(20_000) }),
]);

export function createAgentClient(pool: SshPool): AgentClient {
  const run = async (target: ResolvedTarget, command: Command, call: AgentCall): Promise<RunResult> =>
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
        ...(call.signal === undefined ? {} : { signal: call.signal }),
      },
      { freshConnection: call.freshConnection ?? false },
    );
  const ask = async <T>(target: ResolvedTarget, schema: z.ZodType<T>, command: Command, call: AgentCall = {}): Promise<T> => {
    const result = await run(target, command, call);
    if (result.exitCode !== 0) throw toAgentError(target, command.doing, result);
    return parseReply(target.hostName, command.doing, schema, result.stdout);
  };
  return {
    // Fixed text of our own: sudo strips SSH_CONNECTION, so the login shell expands it.
    facts: (target, call) => ask(target, AgentFacts, { words: ['facts'], rawSuffix: '--ssh "$SSH_CONNECTION"', doing: 'reading its facts', timeoutMs: QUICK_TIMEOUT_MS }, call),
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
    async drain(target, { cursor, now }, call = {}) {
      const command = { words: ['drain', '--after', String(cursor), ...(now ? ['--now'] : [])], doing: 'fetching recorded flows', timeoutMs: DRAIN_TIMEOUT_MS, maxOutputBytes: DRAIN_LIMIT_BYTES };
      const result = await run(target, command, call);
      if (result.exitCode !== 0) throw toAgentError(target, command.doing, result);
      return result.stdout.split('\n').filter((line) => line !== '');
    },
    async uninstall(target, call = {}) {
      const command = { words: ['uninstall'], doing: 'removing the agent', timeoutMs: LOAD_TIMEOUT_MS };
      const result = await run(target, command, call);
      if (result.exitCode !== 0) throw toAgentError(target, command.doing, result);
    },
  };
}

/** @throws HOST_REPLY_INVALID, which says what field is wrong and never repeats what the host sent */
export function parseReply<T>(host: string, doing: string, schema: z.ZodType<T>, stdout: string): T {
  let document: unknown;
  try {
    document = JSON.parse(stdout);
  } catch (cause) {
    throw new FirebreakError('HOST_REPLY_INVALID', { host, doing, detail: 'it is not JSON' }, { cause });
  }
  const parsed = schema.safeParse(document);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new FirebreakError('HOST_REPLY_INVALID', { host, doing, detail: `${issue?.path.join('.') || 'document'}: ${issue?.message ?? 'not as expected'}` });
}
