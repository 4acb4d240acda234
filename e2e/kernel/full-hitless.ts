import { runLong } from './run-long.ts';

/** `npm run test:hitless`: 500 replacements of the policy under traffic, by the agent and by iptables with ipset. */
runLong(['e2e/kernel/hitless-replace.kernel-test.ts', 'e2e/kernel/iptables-live.kernel-test.ts'], { FIREBREAK_REPLACEMENTS: '500' });
