import { hostname } from 'node:os';
import type { Sender } from '../../shared/forward/sender.ts';

/** This machine, as receivers are told. */
export const thisSender = (): Sender => ({ hostName: hostname(), processId: process.pid });

const MAX_CHARS = 300;

/** One line about why a destination did not take something; several addresses that failed are all named. */
export function describeSendError(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.map(describeSendError).join('; ').slice(0, MAX_CHARS);
  const text = error instanceof Error ? error.message : 'it failed without saying why';
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, MAX_CHARS);
}
