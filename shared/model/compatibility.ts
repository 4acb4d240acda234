import { z } from 'zod';
import { countText } from '../text/amount-text.ts';
import { inert } from '../text/inert.ts';

/** A POSIX user name (useradd(8), CAVEATS), but for ALL, which is everybody in sudoers(5). */
export const LoginName = z.string().regex(/^(?!all$)[a-z_][a-z0-9_.-]{0,31}$/i, 'is not a user name');

/** How an agent ends: its rules go, stay without it, or give way to what was there before the install. */
export const UninstallRules = z.enum(['remove', 'leave', 'restore']);
export type UninstallRules = z.infer<typeof UninstallRules>;

/** green: nothing to do · yellow: works, and this should be known · red: cannot be installed. */
export const CompatibilityLevel = z.enum(['green', 'yellow', 'red']);
export type CompatibilityLevel = z.infer<typeof CompatibilityLevel>;

/** `id` is stable (`firewall.docker`); `text` one sentence about the host, `todo` one about what to do, empty when nothing is. */
export const CompatibilityFinding = z.strictObject({ id: z.string(), level: CompatibilityLevel, text: z.string(), todo: z.string() });
export type CompatibilityFinding = z.infer<typeof CompatibilityFinding>;

/** `level` is the worst of `findings`, which are sorted worst first; null when the host could not be asked, and then `error` says why. */
export const HostCompatibility = z.strictObject({
  hostName: z.string(),
  ok: z.boolean(),
  level: CompatibilityLevel.nullable(),
  findings: z.array(CompatibilityFinding),
  error: z.strictObject({ code: z.string(), title: z.string(), hint: z.string() }).nullable(),
});
export type HostCompatibility = z.infer<typeof HostCompatibility>;

const RANK: Readonly<Record<CompatibilityLevel, number>> = { red: 0, yellow: 1, green: 2 };

/** The worst first, else in the order given. */
export function sortFindings(findings: readonly CompatibilityFinding[]): CompatibilityFinding[] {
  return findings.toSorted((a, b) => RANK[a.level] - RANK[b.level]);
}

export function worstLevel(findings: readonly CompatibilityFinding[]): CompatibilityLevel {
  return findings.reduce<CompatibilityLevel>((worst, { level }) => (RANK[level] < RANK[worst] ? level : worst), 'green');
}

/** The result as text for a ticket or a change record. Same input, same text; ends with a newline. What a host says cannot make lines of its own. */
export function printCompatibility(hosts: readonly HostCompatibility[], takenAtMs: number): string {
  const count = (level: CompatibilityLevel) => hosts.filter((host) => host.level === level).length;
  const takenAt = `${new Date(takenAtMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const unasked = hosts.filter((host) => host.level === null).length;
  const head = [`Firebreak compatibility check, ${takenAt}`, `${countText(hosts.length, 'host')}: ${count('green')} green, ${count('yellow')} yellow, ${count('red')} red, ${unasked} not reached`];
  return [...head, ...hosts.flatMap((host) => ['', ...printHost(host).map(inert)]), ''].join('\n');
}

function printHost(host: HostCompatibility): string[] {
  if (host.level === null) return [`${host.hostName}: NOT REACHED`, `  ${host.error?.title ?? ''}`, `  → ${host.error?.hint ?? ''}`];
  return [`${host.hostName}: ${host.level.toUpperCase()}`, ...host.findings.flatMap(({ id, level, text, todo }) => [`  ${level.padEnd(6)} ${id}: ${text}`, ...(todo === '' ? [] : [`         → ${todo}`])])];
}
