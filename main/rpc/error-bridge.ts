import { ORPCError, ValidationError } from '@orpc/server';
import { describeError } from '../../shared/error-text.ts';
import { type ErrorCode, type ErrorPayload, FirebreakError, type Issue } from '../../shared/errors.ts';

const toOrpc = <Code extends ErrorCode>(code: Code, payload: ErrorPayload<Code>, cause: unknown): ORPCError<Code, ErrorPayload<Code>> =>
  new ORPCError(code, { data: payload, message: describeError(code, payload).title, cause });

/**
 * Every failure as one of the contract's codes: our own as they are, refused input as INPUT_INVALID with every issue, an abort as
 * ABORTED, all else as INTERNAL with one line of detail. The cause stays on this side of the wire.
 */
export function bridgeError(error: unknown, procedure: string): ORPCError<ErrorCode, unknown> {
  if (error instanceof FirebreakError) return toOrpc(error.code, error.payload, error);
  const issues = findInputIssues(error);
  if (issues !== null) return toOrpc('INPUT_INVALID', { issues }, error);
  if (error instanceof Error && error.name === 'AbortError') return toOrpc('ABORTED', { doing: procedure }, error);
  return toOrpc('INTERNAL', { detail: `${procedure}: ${summary(error)}` }, error);
}

/** oRPC says BAD_REQUEST with the schema's issues as cause when input does not fit; wrong output is our own defect and stays INTERNAL. */
function findInputIssues(error: unknown): Issue[] | null {
  if (!(error instanceof ORPCError) || error.code !== 'BAD_REQUEST' || !(error.cause instanceof ValidationError)) return null;
  const issues = error.cause.issues.map((issue): Issue => {
    const path = (issue.path ?? []).map((step) => String(typeof step === 'object' ? step.key : step)).join('.');
    return { path, message: issue.message };
  });
  return issues.length > 0 ? issues : null;
}

function summary(error: unknown): string {
  if (error instanceof ORPCError && error.cause instanceof ValidationError) {
    const first = error.cause.issues[0];
    return `the answer does not fit the contract at ${(first?.path ?? []).map((step) => String(typeof step === 'object' ? step.key : step)).join('.')}: ${first?.message ?? ''}`;
  }
  const text = error instanceof Error ? `${error.name}: ${error.message}` : 'something that is no error was thrown';
  return text.replaceAll(/\s+/g, ' ').slice(0, 300);
}

/** The same for what fails in the middle of an event stream. Ends the source when the consumer stops. */
export async function* bridgeStream<T>(events: AsyncIterable<T>, bridge: (error: unknown) => ORPCError<ErrorCode, unknown>): AsyncGenerator<T, void, void> {
  try {
    yield* events;
  } catch (error) {
    throw bridge(error);
  }
}
