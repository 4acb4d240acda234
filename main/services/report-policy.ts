import { type Containment, toInstant } from '../../shared/model/containment.ts';
import type { PolicyVersionId } from '../../shared/model/ids.ts';
import { EMPTY_POLICY, type Policy, type Rule } from '../../shared/model/policy.ts';
import { describeContainmentShort } from '../../shared/policy/describe-containment.ts';
import { diffPolicy } from '../../shared/policy/diff-policy.ts';
import { describeAs, describeServedBy } from '../../shared/text/identity-text.ts';
import { printPeer } from '../../shared/text/peer-text.ts';
import { printSchedule } from '../../shared/text/schedule-text.ts';
import { printSelectorSet } from '../../shared/text/selector-text.ts';
import { printServiceRefs } from '../../shared/text/service-text.ts';
import type { HostView } from '../../shared/contract/views.ts';
import { listWaivers } from '../db/draft-store.ts';
import { listPushesOf } from '../db/report-rows.ts';
import { findCounters } from '../db/rule-counter-store.ts';
import { listFirstPushes } from '../db/rule-history.ts';
import { findVersionPolicy, listVersions } from '../db/version-store.ts';
import type { EvidencePeriod, EvidenceSources, RowOf } from '../reports/evidence/evidence-tables.ts';
import type { BackendContext } from './backend-context.ts';
import type { CompiledDraft } from './draft-compiled.ts';
import { readDraft } from './draft.ts';
import { listRuleZones } from './rule-zones.ts';

type PolicyRows = Pick<EvidenceSources, 'zones' | 'rules' | 'rule_hits' | 'pushes' | 'changes' | 'waivers' | 'containments'>;

/** What was decided, by whom, and what the kernels counted of it. `pushed` is the newest version with the fleet of now. */
export function readPolicyRows(ctx: BackendContext, views: readonly HostView[], pushed: CompiledDraft, period: EvidencePeriod): PolicyRows {
  const { read } = ctx.workspace;
  const ruleZones = listRuleZones(pushed);
  const firstPushes = listFirstPushes(read);
  return {
    zones: pushed.written.zones.map((zone, i) => ({
      zone: zone.name, position: i + 1, mode: zone.mode, outbound: zone.outbound, select: printSelectorSet(zone.select),
      only_services: zone.onlyServices === null ? '' : printServiceRefs(zone.onlyServices), rules: ruleZones.get(zone.name) ?? 0,
    })),
    rules: pushed.written.rules.map((rule) => toRuleRow(rule, firstPushes.get(rule.id) ?? null)),
    rule_hits: views.flatMap(({ id, name }) => {
      const reading = findCounters(read, id);
      return (reading?.counters ?? []).map(({ rule, direction, packets, bytes }) => ({ rule, host: name, direction, packets, bytes, since: reading?.sinceMs ?? null, read_at: reading?.readAtMs ?? 0 }));
    }),
    pushes: listPushesOf(read, period).map(({ id, kind, version, author, note, started_at_ms: started, ended_at_ms: ended, outcome }) => ({ push: id, kind, version, author, note, started_at: started, ended_at: ended, outcome })),
    changes: listChanges(ctx, period),
    waivers: listWaivers(read, period.fromMs)
      .filter(({ atMs }) => atMs < period.untilMs)
      .map(({ atMs, zone, mode, check, reason, actor }) => ({ at: atMs, zone, mode, check, reason, actor })),
    containments: listContainmentRows(ctx, period),
  };
}

const toRuleRow = (rule: Rule, firstPushedAtMs: number | null): RowOf<'rules'> => ({
  rule: rule.id,
  action: rule.action,
  from: printPeer(rule.from),
  to: printPeer(rule.to),
  services: printServiceRefs(rule.services),
  conditions: [describeAs(rule.as).trim(), describeServedBy(rule.servedBy).trim(), rule.schedule === null ? '' : printSchedule(rule.schedule)].filter((part) => part !== '').join('; '),
  owner: rule.owner,
  reason: rule.reason,
  ticket: rule.ticket,
  review_on: rule.reviewOn ?? '',
  expires_on: rule.expiresOn ?? '',
  first_pushed_at: firstPushedAtMs,
});

/** Each version of the period against the one before it, oldest first. */
function listChanges(ctx: BackendContext, { fromMs, untilMs }: EvidencePeriod): RowOf<'changes'>[] {
  const policyOf = (id: PolicyVersionId | null): Policy => (id === null ? undefined : findVersionPolicy(ctx.workspace.read, id)) ?? EMPTY_POLICY;
  return listVersions(ctx.workspace.read)
    .filter(({ createdAtMs }) => createdAtMs >= fromMs && createdAtMs < untilMs)
    .toReversed()
    .flatMap(({ id, parent, createdAtMs, author }) =>
      diffPolicy(policyOf(parent), policyOf(id)).map(({ what, change, name, before, after }) => ({ version: id, at: createdAtMs, author, what, change, name, before: before ?? '', after: after ?? '' })),
    );
}

/** Those whose time touches the period, from every version that was the newest at some time of it, and from the draft; the later word on one counts. */
function listContainmentRows(ctx: BackendContext, { fromMs, untilMs }: EvidencePeriod): RowOf<'containments'>[] {
  const versions = listVersions(ctx.workspace.read).filter(({ createdAtMs }) => createdAtMs < untilMs);
  const firstOld = versions.findIndex(({ createdAtMs }) => createdAtMs < fromMs);
  const inForce = firstOld === -1 ? versions : versions.slice(0, firstOld + 1);
  const policies = [...inForce.toReversed().map(({ id }) => findVersionPolicy(ctx.workspace.read, id)), readDraft(ctx).policy];
  const known = new Map<string, Containment>();
  for (const policy of policies) for (const containment of policy?.containments ?? []) known.set(containment.id, containment);
  return [...known.values()]
    .filter(({ startsAt, endsAt }) => startsAt < toInstant(untilMs) && endsAt > toInstant(fromMs))
    .map((containment) => ({
      containment: containment.id, kind: containment.kind, target: containment.kind === 'quarantine' ? containment.host : containment.zone,
      starts_at: Date.parse(containment.startsAt), ends_at: Date.parse(containment.endsAt), actor: containment.by, reason: containment.reason, text: describeContainmentShort(containment),
    }));
}
