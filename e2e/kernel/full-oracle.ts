import { runLong } from './run-long.ts';

/** `npm run test:oracle`: 300 random policies of 3,000 probes each, simulator against kernel. */
runLong('e2e/kernel/simulator.kernel-test.ts', { FIREBREAK_ORACLE_POLICIES: '300', FIREBREAK_ORACLE_PROBES: '3000' });
