/** Of a console that is never there: nothing is read from these places. */
export const paths = { rendererDir: '/r', preloadPath: '/p.cjs', backendEntryPath: '/b.cjs', agentDir: '/a', workspacePath: '/w.firebreak', configDir: '/dev/null/none', logDir: '/l', licencesPath: '/res/THIRD-PARTY-LICENSES.txt', createMissing: true };

/** A log that keeps what it is told. */
export function keepLog() {
  const kept: unknown[][] = [];
  return { kept, log: { write: (...said: unknown[]) => void kept.push(said) } };
}
