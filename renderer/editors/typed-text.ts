import type { Parsed } from '../../shared/text/parsed.ts';

/** All issues of a typed text as one message for under its field; null when it reads well. */
export const issueText = (parsed: Parsed<unknown>): string | null => (parsed.ok ? null : parsed.issues.map((issue) => issue.message).join('\n'));
