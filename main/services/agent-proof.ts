import { AgentTries, AgentWitness } from '../../shared/contract/agent-replies.ts';
import type { RunResult } from '../ssh/ssh-pool.ts';
import type { ResolvedTarget } from '../ssh/ssh-target.ts';
import type { AgentCall, AgentCommand, Ask } from './agent-command.ts';
import { toAgentError } from './agent-exit.ts';
import { parseReply } from './parse-reply.ts';

/** `SOURCE DESTINATION PORT`, as agent/README.md “Proof” has it. */
export type PairLine = string;
export type WitnessOrder = { readonly pairs: readonly PairLine[]; readonly seconds: number; readonly ready: () => void; readonly over: Promise<void> };

/** The agent's commands that prove what gets through. They change no rules. Errors as in `AgentClient`. */
export type ProofCommands = {
  /** Has the host's kernel watch for SYNs between these ends, from `ready` until `over` settles; then says what it saw. The host ends it by itself after `seconds`, or when the connection is lost. */
  witness(target: ResolvedTarget, order: WitnessOrder, call?: AgentCall): Promise<AgentWitness>;
  /** Opens these TCP connections one after the other, from that host; at most 32. */
  tryPairs(target: ResolvedTarget, pairs: readonly PairLine[], call?: AgentCall): Promise<AgentTries>;
};

const MIB = 1_048_576;
const START_MS = 30_000;
/** The agent gives each connection two seconds, and its tool ten. */
const TRY_MS = 4_000;

type Run = (target: ResolvedTarget, command: AgentCommand, call: AgentCall) => Promise<RunResult>;

export const proofCommands = (ask: Ask, run: Run): ProofCommands => ({
  async witness(target, { pairs, seconds, ready, over }, call = {}) {
    const doing = 'witnessing what gets through';
    const said = (stdout: string) => {
      if (stdout.startsWith(READY)) ready();
    };
    const command = { words: ['witness', '--seconds', String(seconds)], stdin: `${pairs.join('\n')}\ngo\n`, hold: { said, over }, doing, timeoutMs: seconds * 1000 + START_MS, maxOutputBytes: 4 * MIB };
    const result = await run(target, command, call);
    const stdout = result.stdout.startsWith(READY) ? result.stdout.slice(READY.length) : result.stdout;
    if (result.exitCode !== 0) throw toAgentError(target, doing, { ...result, stdout });
    return parseReply(target.hostName, doing, AgentWitness, stdout);
  },
  tryPairs: (target, pairs, call) => ask(target, AgentTries, { words: ['try'], stdin: `${pairs.join('\n')}\n`, doing: 'trying connections', timeoutMs: START_MS + pairs.length * TRY_MS }, call),
});

/** The whole first line, as json_object of the agent prints it. */
const READY = '{"v":1,"ready":true}\n';
