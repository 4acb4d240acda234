import { failed, type Parsed, parsed } from '../../../shared/text/parsed.ts';

export type TypedTarget = { readonly user: string; readonly address: string; readonly port: number };

const FORM = 'write USER@HOST or USER@HOST:PORT, for instance admin@10.0.3.7:22 or root@[2001:db8::7]';

/** Reads `user@host:port`; the port is 22 when not given, and an IPv6 address with a port stands in brackets. */
export function parseSshTarget(text: string): Parsed<TypedTarget> {
  const typed = text.trim();
  if (typed === '') return failed(`nothing was written; ${FORM}`);
  const at = typed.lastIndexOf('@');
  if (at <= 0) return failed(`“${typed}” names no login user; ${FORM}`);
  const user = typed.slice(0, at);
  if (!/^[A-Za-z_][A-Za-z0-9_.-]{0,31}$/.test(user))
    return failed(`“${user}” is not a login name: it starts with a letter or _, then letters, digits and . _ -`);
  const end = splitPort(typed.slice(at + 1));
  if (end === null) return failed(`“${typed.slice(at + 1)}” is not a host; ${FORM}`, at + 2);
  const port = Number(end.port ?? '22');
  if (port < 1 || port > 65_535) return failed(`port ${end.port} does not exist; SSH ports run from 1 to 65535 (usually 22)`, at + 2 + end.address.length);
  return parsed({ user, address: end.address, port });
}

function splitPort(text: string): { address: string; port: string | null } | null {
  const bracketed = /^\[([0-9A-Fa-f:.]+)\](?::(\d+))?$/.exec(text);
  if (bracketed?.[1] !== undefined) return { address: bracketed[1], port: bracketed[2] ?? null };
  if (/^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*$/.test(text)) return { address: text, port: null };
  const plain = /^([A-Za-z0-9][A-Za-z0-9._-]*)(?::(\d+))?$/.exec(text);
  return plain?.[1] === undefined ? null : { address: plain[1], port: plain[2] ?? null };
}
