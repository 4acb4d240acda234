import type { Finding } from '../../model/finding.ts';
import type { FleetHost } from '../../model/host.ts';
import type { Policy } from '../../model/policy.ts';
import type { LintInput } from '../lint/lint-input.ts';
import { lintPolicy } from '../lint/lint-policy.ts';
import type { SeenFlow } from '../lint/observed-use.ts';
import type { HostRecord } from '../lint/watched.ts';
import { aPolicy, hostId } from './builders.ts';

const DAY_MS = 86_400_000;
export const LINT_NOW_MS = Date.UTC(2026, 5, 15, 12);
export const daysAgo = (days: number): number => LINT_NOW_MS - days * DAY_MS;

/** Recorded for 100 days until now, without a gap. */
export const aRecord = (input: Partial<HostRecord> = {}): HostRecord => ({ sinceMs: daysAgo(100), untilMs: LINT_NOW_MS, gapSeconds: 0, lost: 0, ...input });

/** Host 1 saw 10.0.0.2 on tcp/5432 an hour ago. */
export const aSeenFlow = (input: Partial<SeenFlow> = {}): SeenFlow => ({
  reporter: hostId(1), direction: 'in', peerAddress: '10.0.0.2', protocol: 'tcp', port: 5432, user: null, unit: null, connections: 3, lastSeenAtMs: LINT_NOW_MS - 3_600_000, ...input,
});

type LintCase = Partial<Omit<LintInput, 'policy'>> & { readonly policy?: Partial<Policy>; readonly hosts: readonly FleetHost[] };

/** Lints with every managed host watched, 30 days, and nothing pushed yet, unless told. */
export function lintOf({ policy = {}, hosts, ...rest }: LintCase): readonly Finding[] {
  const records = new Map(hosts.filter((host) => host.managed).map((host) => [host.id, aRecord()]));
  return lintPolicy({ policy: aPolicy(policy), hosts, flows: [], saidLabels: new Map(), records, pushedAtMs: new Map(), base: null, nowMs: LINT_NOW_MS, days: 30, ...rest }).findings;
}
