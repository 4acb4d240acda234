import PQueue from 'p-queue';
import { isFirebreakError } from '../../shared/errors.ts';
import type { DnsName } from '../../shared/model/dns-name.ts';
import type { ResolvedTarget } from '../ssh/ssh-target.ts';
import type { BackendContext } from './backend-context.ts';
import type { LookedUp } from './look-up.ts';
import { parseGetent } from './parse-getent.ts';

const TIMEOUT_MS = 12_000;
const MAX_OUTPUT_BYTES = 65_536;
/** As many as one connection has channels, less one for others. */
const PARALLEL = 3;
/** getent(1): one or more keys could not be found. */
const NOT_FOUND = 2;

/** Asks a host's own resolver (its DNS, its /etc/hosts), as the user who logs in, name by name. @throws those of an SSH call, when the host cannot be reached at all */
export async function lookUpOnHost(ctx: BackendContext, target: ResolvedTarget, names: readonly DnsName[], signal?: AbortSignal): Promise<(readonly [DnsName, LookedUp])[]> {
  const queue = new PQueue({ concurrency: PARALLEL });
  try {
    return await Promise.all(names.map((name) => queue.add(async () => [name, await askOne(ctx, target, name, signal)] as const)));
  } finally {
    // A host that cannot be reached is not dialled again for each of the other names, with nobody waiting for it.
    queue.clear();
  }
}

async function askOne(ctx: BackendContext, target: ResolvedTarget, name: DnsName, signal?: AbortSignal): Promise<LookedUp> {
  const doing = `asking its resolver for ${name}`;
  try {
    const { exitCode, stdout } = await ctx.sshPool.run(target, {
      argv: ['getent', 'ahosts', name],
      sudo: false,
      timeoutMs: TIMEOUT_MS,
      maxOutputBytes: MAX_OUTPUT_BYTES,
      doing,
      ...(signal === undefined ? {} : { signal }),
    });
    if (exitCode === NOT_FOUND) return { addresses: [], problem: 'its resolver does not know the name, or does not answer' };
    if (exitCode !== 0) return { addresses: [], problem: `getent could not be run there, or failed (exit ${exitCode})` };
    return parseGetent(stdout);
  } catch (error) {
    // About this name alone: a resolver that hangs, or an answer without end.
    if (isFirebreakError(error, 'OUTPUT_TOO_LARGE')) return { addresses: [], problem: 'its answer did not end' };
    if (isFirebreakError(error, 'HOST_TIMEOUT') && error.payload.doing === doing) return { addresses: [], problem: 'its resolver gave no answer in time' };
    throw error;
  }
}
