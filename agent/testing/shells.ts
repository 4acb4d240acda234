import type { AgentShell } from './sandbox.ts';

/** Those that the agent must run under. */
export const SHELLS: readonly AgentShell[] = ['dash', 'bash', 'busybox sh'];

/** `npm run test:agent`: everything under each shell, and killed at more points. */
const isFull = process.env['FIREBREAK_AGENT_FULL'] === '1';

/** Starting a process is what these tests mostly wait for; so `npm test` lives the life of an agent (agent.kernel-test.ts) under each shell, and everything else under one of them by `turn`. */
export const shellsInTurn = (turn: number): readonly AgentShell[] => (isFull ? SHELLS : SHELLS.filter((_, at) => at === turn % SHELLS.length));

/** At how many points a command is killed. */
export const killPoints = (full: number): number => (isFull ? full : Math.ceil(full / 2));
