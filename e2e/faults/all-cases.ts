import { badBundleCases } from './cases/bad-bundle.ts';
import { clockCases } from './cases/clock.ts';
import { consoleCases } from './cases/console-faults.ts';
import { fullDiskCases } from './cases/full-disk.ts';
import { killedCases } from './cases/killed.ts';
import { lifeCases } from './cases/life.ts';
import { powerCases } from './cases/power.ts';
import { tamperedCases } from './cases/tampered.ts';
import type { FaultCase } from './fault-case.ts';

export const allCases: readonly FaultCase[] = [
  ...killedCases,
  ...powerCases,
  ...fullDiskCases,
  ...consoleCases,
  ...tamperedCases,
  ...badBundleCases,
  ...clockCases,
  ...lifeCases,
];
