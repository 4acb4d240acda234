import { describeFaults } from './describe-faults.ts';

/** What faults.lab-test.ts leaves. */
describeFaults((quick) => quick.slice(1));
