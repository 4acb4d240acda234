import type { z } from 'zod';
import { FirebreakError } from '../../shared/errors.ts';

/** @throws HOST_REPLY_INVALID, which says what field is wrong and never repeats what the host sent */
export function parseReply<T>(host: string, doing: string, schema: z.ZodType<T>, stdout: string): T {
  let document: unknown;
  try {
    document = JSON.parse(stdout);
  } catch (cause) {
    throw new FirebreakError('HOST_REPLY_INVALID', { host, doing, detail: 'it is not JSON' }, { cause });
  }
  const parsed = schema.safeParse(document);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new FirebreakError('HOST_REPLY_INVALID', { host, doing, detail: `${issue?.path.join('.') || 'document'}: ${issue?.message ?? 'not as expected'}` });
}
