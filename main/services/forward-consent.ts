import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FirebreakError } from '../../shared/errors.ts';
import type { ForwardDestination, ForwardTarget } from '../../shared/model/forward.ts';
import { nameForwardTarget } from '../../shared/text/forward-target-text.ts';
import type { BackendContext } from './backend-context.ts';
import { thisMachine } from './this-machine.ts';

type Place = Pick<BackendContext, 'configDir'>;

/** One file a destination: two consoles that confirm at once cannot lose each other's. Everything that says where events go is in the name, so that a workspace in which it was changed has to be confirmed anew. */
const fileOf = ({ configDir }: Place, target: ForwardTarget): string => {
  const text = JSON.stringify(target, Object.keys(target).sort());
  return join(configDir, 'forward-confirmed', `${createHash('sha256').update(`${thisMachine()}\0${text}`).digest('hex')}.json`);
};

/**
 * Whether somebody at this machine said that events may go there. Kept with the user's own things and in no workspace: whoever hands a workspace on can write everything in that, and must
 * not decide what the machine that opens it sends where. Anything that cannot be read counts as no.
 */
export function isConfirmed(place: Place, { target }: Pick<ForwardDestination, 'target'>): boolean {
  return statSync(fileOf(place, target), { throwIfNoEntry: false })?.isFile() === true;
}

/** Idempotent. @throws FILE_NOT_WRITABLE */
export function rememberConfirmed(ctx: Place & Pick<BackendContext, 'nowMs' | 'user'>, { name, target }: Pick<ForwardDestination, 'name' | 'target'>): void {
  const path = fileOf(ctx, target);
  const temporaryPath = `${path}.${process.pid}.new`;
  try {
    mkdirSync(join(ctx.configDir, 'forward-confirmed'), { recursive: true, mode: 0o700 });
    // For people who look into the folder: that the file is there is what counts.
    writeFileSync(temporaryPath, `${JSON.stringify({ v: 1, name, to: nameForwardTarget(target), by: ctx.user, at: new Date(ctx.nowMs()).toISOString() })}\n`);
    chmodSync(temporaryPath, 0o600);
    renameSync(temporaryPath, path);
  } catch (error) {
    throw new FirebreakError('FILE_NOT_WRITABLE', { path, detail: error instanceof Error ? error.message : 'no reason given' }, { cause: error });
  }
}
