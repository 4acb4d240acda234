/** What goes wrong where a check is not met, and the command that shows its detail, for the zone that is asked about. The one list of all checks. */
export const MEANINGS = {
  'hosts-in-zone': { why: 'a zone without hosts changes nothing, and its selector may be mistyped', detail: (zone: string) => `firebreak zone show ${zone}` },
  'hosts-without-agent': { why: 'nothing is recorded or enforced where there is no agent', detail: () => 'firebreak agent status --all' },
  'hosts-unreachable': { why: 'a host that does not answer keeps its present rules, and the zone is then judged by two policies', detail: () => 'firebreak doctor' },
  'agents-current': { why: 'an old agent may lack what the rules ask of it, and mends less by itself', detail: () => 'firebreak agent upgrade --all' },
  'clocks-agree': { why: 'schedules, expiries and the order of what was seen follow the host’s clock', detail: () => 'firebreak doctor' },
  'other-firewalls': { why: 'what another firewall refuses first was never seen here, so the record looks quieter than the need is', detail: () => 'firebreak host show NAME' },
  'traffic-bypasses': { why: 'what passes the hooks is neither recorded nor blocked, so enforcing does not close it', detail: () => 'firebreak host show NAME' },
  'hours-observed': { why: 'a day has its nightly jobs in it, a week its weekend', detail: () => 'firebreak host quality NAME' },
  'lost-events': { why: 'a connection that was lost is missing in every figure here, and may be cut', detail: () => 'firebreak host quality NAME' },
  'recording-gaps': { why: 'what ran in a gap was not seen, and may be cut', detail: () => 'firebreak host quality NAME' },
  'new-flows': { why: 'while new kinds of flows still turn up, more will', detail: (zone: string) => `firebreak zone maturity ${zone}` },
  'weekdays-covered': { why: 'what runs on one day of the week only may not have been seen', detail: (zone: string) => `firebreak zone maturity ${zone}` },
  'timers-not-fired': { why: 'what a timer starts may never have been seen', detail: (zone: string) => `firebreak zone maturity ${zone}` },
  'monitoring-seen': { why: 'monitoring that was forgotten goes red with the push, or worse, silent', detail: (zone: string) => `firebreak flows list --to zone:${zone}` },
  'backup-seen': { why: 'a backup that is cut shows weeks later, when it is needed', detail: (zone: string) => `firebreak flows list --from zone:${zone}` },
  'policy-tests': { why: 'a test says what must always and must never pass, whoever edits the rules next; a broken one stops the push', detail: () => 'firebreak policy test' },
  'days-in-test': { why: 'test counts exactly what enforce will drop, and only for as long as it runs', detail: (zone: string) => `firebreak zone show ${zone}` },
  'would-block-unreviewed': { why: 'these flows really happened, and enforcing cuts them', detail: (zone: string) => `firebreak flows list --verdict would-block --draft blocked --to zone:${zone}` },
} as const satisfies Record<string, { readonly why: string; readonly detail: (zone: string) => string }>;

export type CheckName = keyof typeof MEANINGS;
