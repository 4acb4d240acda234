import { runLong } from '../kernel/run-long.ts';

/** `npm run test:releases`: the main job on Debian 11, 13 and testing too. */
runLong('e2e/releases/releases.lab-test.ts', { FIREBREAK_ALL_RELEASES: '1' });
