import { ORPCError } from '@orpc/client';
import { describeError, type ErrorText } from '../../shared/error-text.ts';
import { type ErrorCode, errorPayloads, type Issue } from '../../shared/errors.ts';

const isCode = (code: string): code is ErrorCode => Object.hasOwn(errorPayloads, code);

function describe<Code extends ErrorCode>(code: Code, data: unknown): ErrorText | null {
  const parsed = errorPayloads[code].safeParse(data);
  // The schema of this very code has just accepted `data`; TypeScript cannot carry that through the indexed union.
  return parsed.success ? describeError(code, parsed.data as Parameters<typeof describeError<Code>>[1]) : null;
}

/** The sentence for whatever a call threw. Errors that the contract does not know become an INTERNAL one; nothing is shown raw but its message. */
export function errorSentence(error: unknown): ErrorText {
  if (error instanceof ORPCError && isCode(error.code)) {
    const text = describe(error.code, error.data);
    if (text !== null) return text;
  }
  return describeError('INTERNAL', { detail: error instanceof Error ? error.message : String(error) });
}

/** The issues of INPUT_INVALID, to be put beside their fields; empty for every other error. */
export function errorIssues(error: unknown): readonly Issue[] {
  if (!(error instanceof ORPCError) || error.code !== 'INPUT_INVALID') return [];
  const parsed = errorPayloads.INPUT_INVALID.safeParse(error.data);
  return parsed.success ? parsed.data.issues : [];
}

/** Whether a call failed with this code. */
export const hasCode = (error: unknown, code: ErrorCode): boolean => error instanceof ORPCError && error.code === code;
