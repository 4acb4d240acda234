import { appendLines, type LogFile } from './append-lines.ts';
import { type SendLimits, withinTime } from './within-time.ts';

/** Writes that have not ended, by path. Those that were given up stay: a file system that hangs (a share whose server is gone) ends no call, and each keeps one of the four threads that all file work of the process shares. */
const underWay = new Map<string, Promise<void>>();

/** A window that closes lets a write end that is under way: it would come twice. */
const GRACE_MS = 2_000;

/**
 * Appends the lines, or throws when that takes too long. One that was given up may still reach the file later, so its lines can be there twice; until it has ended, nothing else is
 * begun for that path.
 */
export async function appendInTime(log: LogFile, lines: readonly string[], limits: SendLimits, append: typeof appendLines = appendLines): Promise<void> {
  for (let former = underWay.get(log.path); former !== undefined; former = underWay.get(log.path)) {
    const ended = former.catch(() => undefined);
    await withinTime(limits, `a write to ${log.path} that was begun before hangs (see whether its file system answers), and did not end`, () => ended);
  }
  await withinTime({ ...limits, graceMs: GRACE_MS }, `${log.path} did not take everything`, (givenUp) => {
    const work = append(log, lines, givenUp).finally(() => underWay.delete(log.path));
    underWay.set(log.path, work);
    return work;
  });
}
