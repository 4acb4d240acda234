import { Identity, UnitName } from '../model/identity.ts';
import { failed, type Parsed, parsed } from './parsed.ts';

const FORM = 'write user:NAME, group:NAME or unit:NAME.service';

/** Reads `user:backup` or `group:ops`. Whether there is one is for each host to say. */
export function parseIdentity(text: string): Parsed<Identity> {
  const typed = text.trim();
  const cut = typed.indexOf(':');
  const kind = typed.slice(0, Math.max(cut, 0)).trim().toLowerCase();
  if (kind !== 'user' && kind !== 'group' && kind !== 'unit') return failed(`“${typed}” does not say who; ${FORM}`);
  const read = Identity.safeParse({ kind, name: typed.slice(cut + 1).trim() });
  return read.success ? parsed(read.data) : failed(`“${typed.slice(cut + 1).trim()}” is not the name of a ${kind}: ${read.error.issues[0]?.message ?? FORM}`, cut + 2);
}

export const printIdentity = (identity: Identity): string => `${identity.kind}:${identity.name}`;

/** `nginx` is `nginx.service`; other kinds of unit have no sockets of their own that a rule could mean. */
export function parseUnitName(text: string): Parsed<UnitName> {
  const typed = text.trim();
  const read = UnitName.safeParse(/\.(service|socket|scope|slice|timer|target|path|mount)$/.test(typed) ? typed : `${typed}.service`);
  return read.success ? parsed(read.data) : failed(`“${typed}” is not the name of a service: ${read.error.issues[0]?.message ?? ''}`);
}

/** ` served by postgresql.service`, to stand behind the providers; '' for null. */
export const describeServedBy = (unit: UnitName | null): string => (unit === null ? '' : ` served by ${unit}`);

/** ` as user backup`, to stand behind the consumers; '' for null. */
export const describeAs = (identity: Identity | null): string => (identity ? ` as ${identity.kind} ${identity.name}` : '');
