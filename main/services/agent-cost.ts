import { AgentLatency } from '../../shared/contract/agent-replies.ts';
import type { ResolvedTarget } from '../ssh/ssh-target.ts';
import type { AgentCall, AgentCommand, Ask } from './agent-command.ts';

const QUICK_TIMEOUT_MS = 20_000;
/** The agent gives up after 90 s. */
const LATENCY_TIMEOUT_MS = 120_000;

/** The agent's commands about what it takes of its host. Errors as in `AgentClient`. */
export type CostCommands = {
  /** What the agent's runs after `cursor` took, oldest first, then what it stores, as unparsed JSON lines. */
  footprint(target: ResolvedTarget, cursor: number, call?: AgentCall): Promise<string[]>;
  /** Measures on the host what its rules add to the time of a connect; seconds of its CPU. */
  latency(target: ResolvedTarget, call?: AgentCall): Promise<AgentLatency>;
};

type AskLines = (target: ResolvedTarget, command: AgentCommand, call?: AgentCall) => Promise<string[]>;

export const costCommands = (ask: Ask, askLines: AskLines): CostCommands => ({
  footprint: (target, cursor, call) => askLines(target, { words: ['footprint', '--after', String(cursor)], doing: 'fetching what its agent takes', timeoutMs: QUICK_TIMEOUT_MS }, call),
  latency: (target, call) => ask(target, AgentLatency, { words: ['latency'], doing: 'measuring what its rules add to a connect', timeoutMs: LATENCY_TIMEOUT_MS }, call),
});
