import { Identity } from '../model/identity.ts';
import { failed, type Parsed, parsed } from './parsed.ts';

const FORM = 'write user:NAME or group:NAME';

/** Reads `user:backup` or `group:ops`. Whether there is one is for each host to say. */
export function parseIdentity(text: string): Parsed<Identity> {
  const typed = text.trim();
  const cut = typed.indexOf(':');
  const kind = typed.slice(0, Math.max(cut, 0)).trim().toLowerCase();
  if (kind !== 'user' && kind !== 'group') return failed(`“${typed}” does not say who; ${FORM}`);
  const read = Identity.safeParse({ kind, name: typed.slice(cut + 1).trim() });
  return read.success ? parsed(read.data) : failed(`“${typed.slice(cut + 1).trim()}” is not the name of a ${kind}: ${read.error.issues[0]?.message ?? FORM}`, cut + 2);
}

export const printIdentity = (identity: Identity): string => `${identity.kind}:${identity.name}`;

/** ` as user backup`, to stand behind the consumers; '' for null. */
export const describeAs = (identity: Identity | null): string => (identity ? ` as ${identity.kind} ${identity.name}` : '');
