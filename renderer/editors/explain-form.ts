import type { z } from 'zod';
import type { ExplainQuery } from '../../shared/contract/explain-views.ts';
import { parseIdentity } from '../../shared/text/identity-text.ts';
import { parseMoment } from '../../shared/text/moment-text.ts';
import { parseServiceRef } from '../../shared/text/service-text.ts';
import { issueText } from './typed-text.ts';

/** What was typed; `as` and `at` may be empty. */
export type ExplainForm = { readonly from: string; readonly to: string; readonly service: string; readonly as: string; readonly at: string; readonly live: boolean };
export const EMPTY_EXPLAIN: ExplainForm = { from: '', to: '', service: '', as: '', at: '', live: false };

type ReadForm = { readonly query: z.input<typeof ExplainQuery> | null; readonly errors: { readonly service: string | null; readonly as: string | null; readonly at: string | null } };

/** The question, or null while something is missing or wrong; empty fields are no error. */
export function readExplainForm(form: ExplainForm, nowMs: number): ReadForm {
  const service = parseServiceRef(form.service);
  const as = form.as.trim() === '' ? null : parseIdentity(form.as.includes(':') ? form.as : `user:${form.as}`);
  const at = form.at.trim() === '' ? null : parseMoment(form.at, nowMs);
  const errors = { service: form.service.trim() === '' ? null : issueText(service), as: as === null ? null : issueText(as), at: at === null ? null : issueText(at) };
  const isWhole = form.from.trim() !== '' && form.to.trim() !== '' && service.ok && (as?.ok ?? true) && (at?.ok ?? true);
  const query = isWhole ? { from: form.from, to: form.to, service: service.value, as: as?.ok ? as.value : null, atMs: at?.ok ? at.value : null, live: form.live } : null;
  return { query, errors };
}
