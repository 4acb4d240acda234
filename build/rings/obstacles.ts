import { findChromium } from '../../main/browser/find-chromium.ts';
import { debianPackages, hasProgram, isRoot, type Program } from '../debian/programs.ts';
import type { Ring } from './rings.ts';

/** Why this ring cannot run on this machine; empty when it can. */
export function listObstacles(ring: Ring): string[] {
  const { linux, root, programs, chromium } = ring.needs;
  const missing = programs.filter((program) => !hasProgram(program));
  return [
    ...(linux && process.platform !== 'linux' ? [`needs Linux, this is ${process.platform}`] : []),
    ...(root && !isRoot() ? ['needs root: it makes network namespaces and loads rules into them'] : []),
    ...missing.map((program) => `${program} is missing (Debian package ${debianPackages[program]})`),
    ...(chromium && findChromium() === null ? ['no Chromium or Chrome was found (Debian package chromium)'] : []),
  ];
}

/** The programs that these rings could use: what is worth installing before they run. */
export function listWantedPrograms(rings: readonly Ring[]): Program[] {
  const wanted = rings.flatMap((ring): readonly Program[] => [...ring.needs.programs, ...ring.wants, ...(ring.needs.chromium ? ['chromium' as const] : [])]);
  const chromiumIsThere = findChromium() !== null;
  return [...new Set(wanted)].filter((program) => program !== 'chromium' || !chromiumIsThere);
}

/** What the tests of a ring are told about this machine. Beside these they inherit our environment. */
export function ringEnvironment(ring: Ring): Record<string, string> {
  return {
    ...(ring.name === 'golden' && !(hasProgram('nft') && isRoot()) ? { FIREBREAK_NO_NFT: '1' } : {}),
    // Chromium refuses its sandbox to root; the tests open nothing but our own page.
    ...(isRoot() ? { FIREBREAK_TEST_NO_SANDBOX: '1' } : {}),
  };
}
