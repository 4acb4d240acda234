import { runLong } from '../kernel/run-long.ts';

/** `npm run test:flood`: a scan from 200,000 random sources, beside a host without our rules. */
runLong('e2e/flood/flood.kernel-test.ts', { FIREBREAK_FLOOD_SOURCES: '200000', FIREBREAK_FLOOD_SECONDS: '8' });
