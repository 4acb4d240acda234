import { ORPCError } from '@orpc/client';
import { CommanderError } from 'commander';
import { describeError } from '../../shared/error-text.ts';
import { type ErrorCode, FirebreakError, errorPayloads } from '../../shared/errors.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import { inert, inertJson } from '../../shared/text/inert.ts';

const isErrorCode = (code: unknown): code is ErrorCode => typeof code === 'string' && Object.hasOwn(errorPayloads, code);

/** Any failure as a code of ours: thrown here, or come through the contract. What is neither is INTERNAL, without its stack. */
export function asFirebreakError(error: unknown): FirebreakError {
  if (error instanceof FirebreakError) return error;
  if (error instanceof ORPCError && isErrorCode(error.code)) {
    const payload = errorPayloads[error.code].safeParse(error.data);
    if (payload.success) return new FirebreakError(error.code, payload.data, { cause: error });
  }
  return new FirebreakError('INTERNAL', { detail: error instanceof Error ? error.message : String(error) }, { cause: error });
}

/** Tells a person on stderr, or a script as JSON on stdout, and gives the exit code. Commander has already said what it refuses. */
export function reportFailure(thrown: unknown, json: boolean, out: { write(text: string): void; progress(line: string): void; logFailure(error: unknown): void }): number {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.done : EXIT.usage;
  const error = asFirebreakError(thrown);
  // What came through the contract was written down where it failed.
  if (error.code === 'INTERNAL' && !(thrown instanceof ORPCError)) out.logFailure(thrown);
  const text = describeError(error.code, error.payload);
  if (json) out.write(inertJson({ error: { code: error.code, payload: error.payload, ...text } }));
  for (const line of `${error.code === 'INPUT_INVALID' || error.code === 'POLICY_FILE_INVALID' ? '' : `${error.code}: `}${text.title}\n${text.hint}`.split('\n')) out.progress(inert(line));
  return exitCodeOf(error.code);
}
