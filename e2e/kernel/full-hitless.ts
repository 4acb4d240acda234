import { runLong } from './run-long.ts';

/** `npm run test:hitless`: 500 replacements of the policy under traffic. */
runLong('e2e/kernel/hitless-replace.kernel-test.ts', { FIREBREAK_REPLACEMENTS: '500' });
