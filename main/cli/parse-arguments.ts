import type { z } from 'zod';
import { FirebreakError, type Issue } from '../../shared/errors.ts';
import { MAX_CONTAINMENT_SECONDS, MIN_CONTAINMENT_SECONDS } from '../../shared/model/containment.ts';
import type { HostChoice } from '../../shared/contract/host-choice.ts';
import type { SshIdentity } from '../../shared/model/host.ts';
import { HostName, ZoneName } from '../../shared/model/names.ts';
import { MAX_PAUSE_SECONDS } from '../../shared/model/waves.ts';
import { SessionChoice } from '../../shared/model/session.ts';
import { parseSelectorSet } from '../../shared/text/selector-text.ts';
import { formatTime } from './table.ts';

type Parsed<T> = { ok: true; value: T } | { ok: false; issues: readonly Issue[] };

/** Unwraps a parse of `shared/text`, or fails with every issue at once, each under the option's name. */
export function must<T>(option: string, parsed: Parsed<T>): T {
  if (parsed.ok) return parsed.value;
  throw new FirebreakError('INPUT_INVALID', { issues: parsed.issues.map((issue) => ({ ...issue, path: issue.path === '' ? option : `${option}: ${issue.path}` })) });
}

const bad = (path: string, message: string) => new FirebreakError('INPUT_INVALID', { issues: [{ path, message }] });

/** `[USER@]HOST[:PORT]`, with `[v6]:port` for IPv6 literals. Defaults: user root, port 22. */
export function parseSshAddress(text: string): { user: string; address: string; port: number } {
  const match = /^(?:(?<user>[^@\s]+)@)?(?:\[(?<v6>[0-9a-fA-F:.]+)\]|(?<bare6>[0-9a-fA-F]*:[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)|(?<name>[^:\s[\]@]+))(?::(?<port>\d+))?$/.exec(text);
  const groups = match?.groups;
  const address = groups?.v6 ?? groups?.bare6 ?? groups?.name;
  if (groups === undefined || address === undefined) throw bad('--address', `“${text}” is not [USER@]HOST[:PORT]; an IPv6 address with a port is written [fd00::1]:22`);
  const port = groups.port === undefined ? 22 : Number(groups.port);
  if (port < 1 || port > 65535) throw bad('--address', `port ${groups.port ?? ''} does not exist; ports run from 1 to 65535`);
  return { user: groups.user ?? 'root', address, port };
}

/** A key file, `agent` for ssh-agent, or `password`. Without the option: the agent if there is one, else a clear sentence. */
export function parseIdentity(text: string | undefined, hasAgent: boolean, certificatePath?: string): SshIdentity {
  const isFile = text !== undefined && text !== 'agent' && text !== 'password';
  if (certificatePath !== undefined && !isFile) throw bad('--certificate', 'a certificate goes with a key file (--identity FILE); one in ssh-agent is presented by itself');
  if (text === 'agent' || (text === undefined && hasAgent)) return { kind: 'agent' };
  if (text === 'password') return { kind: 'password' };
  if (text === undefined) throw bad('--identity', 'there is no ssh-agent here; give a private key file, or “password”');
  return { kind: 'key-file', keyPath: text, ...(certificatePath === undefined ? {} : { certificatePath }) };
}

/** Arguments that are names or one selector (contains `=`), or --all. Nothing given is an error, never “all”. */
export function parseHostChoice(words: readonly string[], all: boolean): HostChoice {
  if (all && words.length > 0) throw bad('--all', 'give names, a selector, or --all, not both');
  if (all) return { kind: 'all' };
  if (words.length === 0) throw bad('hosts', 'give host names, a selector such as app=shop, or --all');
  if (words.some((word) => word.includes('='))) return { kind: 'selector', select: must('selector', parseSelectorSet(words.join(' + '))) };
  for (const word of words) if (!HostName.safeParse(word).success) throw bad('hosts', `“${word}” is no host name`);
  return { kind: 'names', names: [...words] };
}

const UNITS_MS: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** `90m`, `36h`, `7d`, `2w` before now, or an ISO date/time. Gives epoch ms, or null when not given. */
export function parseSince(text: string | undefined, nowMs: number, option = '--since'): number | null {
  if (text === undefined) return null;
  const match = /^(\d+)([mhdw])$/.exec(text);
  const at = match ? nowMs - Number(match[1]) * (UNITS_MS[match[2] ?? ''] ?? 0) : Date.parse(text);
  if (Number.isNaN(at)) throw bad(option, `“${text}” is no period such as 90m, 36h, 7d, 2w and no ISO date`);
  if (at < 0) throw bad(option, `“${text}” goes back before 1970; leave ${option} out for everything`);
  return at;
}

/** Of --since and --until, as epoch ms; null where one is not given. Refused when nothing can be in between. */
export function parsePeriod({ since, until }: { since?: string; until?: string }, nowMs: number): { sinceMs: number | null; untilMs: number | null } {
  const [sinceMs, untilMs] = [parseSince(since, nowMs), parseSince(until, nowMs, '--until')];
  if (sinceMs !== null && untilMs !== null && untilMs < sinceMs) throw bad('--until', `${formatTime(untilMs)} is before --since (${formatTime(sinceMs)}): nothing can be in between`);
  return { sinceMs, untilMs };
}

/** `30m`, `4h`, `2d`, or seconds as `90s`; gives seconds within what a containment may last. */
export function parseDuration(option: string, text: string): number {
  const match = /^(\d+)([smhdw])$/.exec(text);
  const seconds = match ? (Number(match[1]) * (match[2] === 's' ? 1000 : (UNITS_MS[match[2] ?? ''] ?? 0))) / 1000 : Number.NaN;
  if (Number.isNaN(seconds)) throw bad(option, `“${text}” is no time such as 30m, 4h or 2d`);
  if (seconds < MIN_CONTAINMENT_SECONDS || seconds > MAX_CONTAINMENT_SECONDS) throw bad(option, `${text} is not within ${MIN_CONTAINMENT_SECONDS}s and ${MAX_CONTAINMENT_SECONDS / 86_400}d; what is to last longer is a rule: firebreak rule add --deny`);
  return seconds;
}

/** Whole seconds within what the backend takes (5 s to 1 h). */
export function parseSeconds(option: string, text: string): number {
  const seconds = Number(text);
  if (!/^\d+$/.test(text) || seconds < 5 || seconds > 3600) throw bad(option, `“${text}” is no number of seconds from 5 to 3600`);
  return seconds;
}

/** Whole seconds, none to an hour. */
export function parsePause(option: string, text: string): number {
  const seconds = Number(text);
  if (!/^\d+$/.test(text) || seconds > MAX_PAUSE_SECONDS) throw bad(option, `“${text}” is no number of seconds from 0 to ${MAX_PAUSE_SECONDS}`);
  return seconds;
}

export function parseHostName(option: string, text: string): z.infer<typeof HostName> {
  const parsed = HostName.safeParse(text);
  if (!parsed.success) throw bad(option, `“${text}” is no host name`);
  return parsed.data;
}

export function parseZoneName(option: string, text: string): z.infer<typeof ZoneName> {
  const parsed = ZoneName.safeParse(text);
  if (!parsed.success) throw bad(option, `“${text}” is no zone`);
  return parsed.data;
}

/** `keep` or `cut`. */
export function parseSessionChoice(text: string): SessionChoice {
  const parsed = SessionChoice.safeParse(text);
  if (!parsed.success) throw bad('--sessions', `“${text}” is neither keep nor cut`);
  return parsed.data;
}
