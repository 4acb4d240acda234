import { runLong } from '../../e2e/kernel/run-long.ts';

/** `npm run test:agent`: the agent's kernel tests under each shell, and killed at every point. */
runLong('agent/', { FIREBREAK_AGENT_FULL: '1' });
