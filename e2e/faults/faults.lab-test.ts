import { describeFaults } from './describe-faults.ts';

/** One of each kind; more-faults.lab-test.ts has the others. */
describeFaults((quick) => quick.slice(0, 1));
