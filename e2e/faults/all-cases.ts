import { agentPartCases } from './cases/agent-parts.ts';
import { badBundleCases } from './cases/bad-bundle.ts';
import { bareHostCases } from './cases/bare-host.ts';
import { clockCases } from './cases/clock.ts';
import { consoleCases } from './cases/console-faults.ts';
import { foreignCases } from './cases/foreign.ts';
import { fullDiskCases } from './cases/full-disk.ts';
import { killedCases } from './cases/killed.ts';
import { leakCases } from './cases/leaks.ts';
import { lifeCases } from './cases/life.ts';
import { powerCases } from './cases/power.ts';
import { soakCases } from './cases/soak.ts';
import { tamperedCases } from './cases/tampered.ts';
import { timerCases } from './cases/timers.ts';
import type { FaultCase } from './fault-case.ts';
import type { Way } from './foreign-rules.ts';

/** Cases of one kind; `covers` names the scenarios of RELIABILITY.md, section 10. `nftOnly`: what happens there is said in the words of nft. */
export type CaseGroup = { readonly name: string; readonly covers: string; readonly cases: readonly FaultCase[]; readonly nftOnly?: true };

const caseGroups: readonly CaseGroup[] = [
  { name: 'timers', covers: 'R5', cases: timerCases },
  { name: 'killed', covers: 'R2', cases: killedCases },
  { name: 'power', covers: 'R6 R7 R8', cases: powerCases },
  { name: 'full disk', covers: 'R9', cases: fullDiskCases },
  { name: 'console', covers: 'R3 R4 R13', cases: consoleCases },
  { name: 'tampered', covers: 'R12', cases: tamperedCases, nftOnly: true },
  { name: 'bundles', covers: 'R14, signatures', cases: badBundleCases },
  { name: 'clock', covers: 'R11', cases: clockCases },
  { name: 'leaks', covers: 'R7 R37', cases: leakCases, nftOnly: true },
  { name: 'agent parts', covers: 'fail-safe', cases: agentPartCases, nftOnly: true },
  { name: 'bare host', covers: 'R35', cases: bareHostCases, nftOnly: true },
  { name: 'other rules', covers: 'R36', cases: foreignCases, nftOnly: true },
  { name: 'soak', covers: 'R41', cases: soakCases, nftOnly: true },
  { name: 'life', covers: 'R43', cases: lifeCases },
];

/** Those that can happen over `way`. */
export const groupsOver = (way: Way): readonly CaseGroup[] => caseGroups.filter(({ nftOnly }) => way === 'nft' || nftOnly !== true);
