import type { z } from 'zod';
import type { RunRequest } from '../ssh/run-request.ts';
import type { FreshConnection } from '../ssh/ssh-pool.ts';
import type { ResolvedTarget } from '../ssh/ssh-target.ts';

/** `freshConnection` proves that the host still lets a new connection in; without it an open one is used (ssh-pool.ts). */
export type AgentCall = { freshConnection?: FreshConnection; signal?: AbortSignal; timeoutMs?: number };

/** One command of the agent; `doing` is what an error says that we were at. */
export type AgentCommand = { words: readonly string[]; doing: string; stdin?: string; rawSuffix?: string; timeoutMs: number; maxOutputBytes?: number; hold?: RunRequest['hold'] };

/** Runs it and reads its one JSON document. */
export type Ask = <T>(target: ResolvedTarget, schema: z.ZodType<T>, command: AgentCommand, call?: AgentCall) => Promise<T>;
