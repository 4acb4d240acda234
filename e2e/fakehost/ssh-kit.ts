import { FirebreakError } from '../../shared/errors.ts';
import type { RunRequest } from '../../main/ssh/run-request.ts';
import type { ResolvedTarget } from '../../main/ssh/ssh-target.ts';
import type { FakeSshd } from './fake-sshd.ts';

/** A target that trusts `sshd` and logs in with a password that every script accepts. */
export function aTarget(sshd: Pick<FakeSshd, 'port' | 'hostKey'>, change: Partial<ResolvedTarget> = {}): ResolvedTarget {
  return {
    hostName: 'web-1',
    address: '127.0.0.1',
    port: sshd.port,
    user: 'ops',
    identity: { kind: 'password' },
    sudo: 'none',
    pinnedKeys: [sshd.hostKey],
    jump: null,
    secrets: () => ({ sshPassword: 'let me in', sudoPassword: null }),
    ...change,
  };
}

export function aRequest(change: Partial<RunRequest> = {}): RunRequest {
  return { argv: ['true'], sudo: false, timeoutMs: 10_000, maxOutputBytes: 1_000_000, doing: 'testing', ...change };
}

/** The code and payload that `work` fails with; throws when it succeeds, or fails with anything else. */
export async function failureOf(work: Promise<unknown>): Promise<{ code: string; payload: unknown }> {
  try {
    await work;
  } catch (error) {
    if (!isFailure(error)) throw error;
    return { code: error.code, payload: error.payload };
  }
  throw new Error('it did not fail');
}

const isFailure = (error: unknown): error is FirebreakError => error instanceof FirebreakError;
