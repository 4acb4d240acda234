import type { Issue } from '../errors.ts';
import { ForwardTarget } from '../model/forward.ts';

/** What cannot be said in the address itself; undefined: left out. */
export type TargetExtras = { readonly caPath?: string | undefined; readonly keyPath?: string | undefined; readonly rotateMegabytes?: number | undefined; readonly keepFiles?: number | undefined };
type Parsed = { ok: true; value: ForwardTarget } | { ok: false; issues: readonly Issue[] };

const DEFAULT_PORTS = { 'syslog-udp': 514, 'syslog-tcp': 514, 'syslog-tls': 6514 } as const;
const KINDS = { udp: 'syslog-udp', tcp: 'syslog-tcp', tls: 'syslog-tls' } as const;
const DEFAULT_ROTATE_MEGABYTES = 100;
const DEFAULT_KEEP_FILES = 5;

const bad = (path: string, message: string): Parsed => ({ ok: false, issues: [{ path, message }] });

/** `udp://HOST[:PORT]`, `tcp://…`, `tls://…` (syslog), `file:///PATH`, or `https://…` (webhook). What does not belong to the kind is refused. */
export function parseForwardTarget(text: string, extras: TargetExtras): Parsed {
  const target = text.trim();
  const syslog = /^(udp|tcp|tls):\/\/(?:\[([0-9a-fA-F:.]+)\]|([^:/\s[\]]+))(?::(\d{1,5}))?\/?$/.exec(target);
  if (syslog !== null) {
    const [, scheme = '', v6, name, port] = syslog;
    const kind = KINDS[scheme === 'udp' || scheme === 'tls' ? scheme : 'tcp'];
    const { caPath, ...rest } = extras;
    const end = { kind, host: v6 ?? name, port: port === undefined ? DEFAULT_PORTS[kind] : Number(port) };
    return refuse(rest, 'syslog') ?? (kind === 'syslog-tls' ? check({ ...end, caPath: caPath ?? null }) : (refuse({ caPath }, 'syslog without TLS') ?? check(end)));
  }
  if (target.startsWith('file://')) {
    const { rotateMegabytes = DEFAULT_ROTATE_MEGABYTES, keepFiles = DEFAULT_KEEP_FILES, ...rest } = extras;
    return refuse(rest, 'a file') ?? check({ kind: 'file', path: target.slice('file://'.length), rotateMegabytes, keepFiles });
  }
  if (target.startsWith('https://')) {
    const { keyPath, caPath, ...rest } = extras;
    if (keyPath === undefined) return bad('keyPath', 'a webhook needs a file with the key that signs; make one with: umask 077; openssl rand -hex 32 > FILE');
    return refuse(rest, 'a webhook') ?? check({ kind: 'webhook', url: target, keyPath, caPath: caPath ?? null });
  }
  return bad('target', `“${target}” is no destination; write udp://HOST:514, tcp://HOST:514, tls://HOST:6514, file:///PATH or https://…`);
}

const NAMES: Record<keyof TargetExtras, string> = { caPath: 'a file of authorities', keyPath: 'a key', rotateMegabytes: 'a size', keepFiles: 'a number of files' };

function refuse(extras: TargetExtras, what: string): Parsed | null {
  const given = Object.entries(extras).find(([, value]) => value !== undefined)?.[0];
  return given === undefined ? null : bad(given, `${what} takes no ${NAMES[given as keyof TargetExtras].replace(/^a /, '')}`);
}

function check(target: unknown): Parsed {
  const parsed = ForwardTarget.safeParse(target);
  return parsed.success ? { ok: true, value: parsed.data } : { ok: false, issues: parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })) };
}

/** The same as people type it; what it takes beside the address is left out. */
export function printForwardTarget(target: ForwardTarget): string {
  if (target.kind === 'file') return `file://${target.path}`;
  if (target.kind === 'webhook') return target.url;
  return `${target.kind.slice('syslog-'.length)}://${target.host.includes(':') ? `[${target.host}]` : target.host}:${target.port}`;
}

/** For the audit log, which others read, and for errors: of a webhook only who gets it, since what comes after is often all that lets in (Slack, Teams). */
export const nameForwardTarget = (target: ForwardTarget): string => (target.kind === 'webhook' ? `${/^https:\/\/[^/?#]+/.exec(target.url)?.[0] ?? 'https:/'}/…` : printForwardTarget(target));
