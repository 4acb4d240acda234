import { ALERT_WORDS } from '../../shared/alerts/alert-text.ts';
import type { AlertView } from '../../shared/contract/alerts.ts';
import type { AttentionItem, AttentionLevel } from '../../shared/contract/overview.ts';
import { AlertKind } from '../../shared/model/alert.ts';
import type { Push } from '../../shared/model/diff.ts';
import type { Policy, Rule } from '../../shared/model/policy.ts';
import { countText } from '../../shared/text/amount-text.ts';
import type { HostStanding, ListedStanding } from './host-standing.ts';

export type AttentionEvidence = {
  readonly nowMs: number;
  readonly hosts: readonly ListedStanding[];
  readonly alerts: readonly AlertView[];
  /** Newest first. */
  readonly pushes: readonly Push[];
  readonly policy: Policy;
  readonly draftChanged: boolean;
};

const DAY_MS = 86_400_000;
/** Hosts keep 30 days; what is not fetched for three is a habit that ended. */
const UNCOLLECTED_MS = 3 * DAY_MS;
const EXPIRY_AHEAD_MS = 14 * DAY_MS;
const NAMED = 5;
const LEVELS: readonly AttentionLevel[] = ['danger', 'warning', 'note'];
const ALERT_LEVELS: Record<AlertKind, AttentionLevel> = { tampered: 'danger', drifted: 'danger', 'agent-silent': 'danger', 'flow-blocked': 'warning', 'connection-rate': 'warning', 'service-new': 'warning', posture: 'warning', footprint: 'warning' };

/** What needs somebody, worst first; each with the one place where it is dealt with. Pure. */
export function listAttention(evidence: AttentionEvidence): AttentionItem[] {
  const items = [...aboutPushes(evidence), ...aboutAlerts(evidence), ...aboutHosts(evidence), ...aboutPolicy(evidence)];
  return items.toSorted((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level));
}

function aboutAlerts({ alerts }: AttentionEvidence): AttentionItem[] {
  return AlertKind.options.flatMap((kind) => {
    const open = alerts.filter((alert) => alert.kind === kind && alert.state === 'open');
    const words = ALERT_WORDS[kind];
    const text = open.length === 1 ? `${words.one}: ${open[0]?.title ?? ''}` : `${open.length} ${words.many}`;
    const names = open.length === 1 ? [] : [...new Set(open.map(({ hostName }) => hostName))];
    return item({ code: `ALERT_${kind}`, level: ALERT_LEVELS[kind], text, holds: open.length > 0, names, action: { text: open.length === 1 ? 'Open alert' : 'Open alerts', path: `/alerts?kind=${kind}${open.length === 1 ? `&id=${open[0]?.id ?? ''}` : ''}`, command: `firebreak alerts list --kind ${kind}` } });
  });
}

function aboutPushes({ pushes }: AttentionEvidence): AttentionItem[] {
  const open = pushes.filter((push) => push.outcome === 'interrupted' && push.endedAtMs === null);
  const [last] = pushes;
  const failed = last !== undefined && (last.outcome === 'partly' || last.outcome === 'failed') ? last.hosts.filter(({ step }) => step !== 'confirmed' && step !== 'skipped' && step !== 'away').map(({ hostName }) => hostName) : [];
  return [
    ...item({ code: 'PUSH_INTERRUPTED', level: 'danger', text: 'A push was interrupted, and not every host has said what it did', holds: open.length > 0, names: open.map(({ id }) => id), action: { text: 'Open changes', path: '/changes', command: 'firebreak reconcile' } }),
    ...item({ code: 'PUSH_FAILED', level: 'danger', text: 'The last push did not reach all of its hosts', holds: failed.length > 0, names: failed, action: { text: 'Open changes', path: '/changes', command: 'firebreak plan' } }),
  ];
}

function aboutHosts({ hosts, alerts, nowMs }: AttentionEvidence): AttentionItem[] {
  const told = new Set(alerts.filter(({ kind, state }) => kind === 'agent-silent' && state !== 'settled').map(({ hostName }) => hostName));
  const managed = hosts.filter((host) => host.managed);
  const [rebuilt, cloned] = [managed.filter(isRebuilt), managed.filter((host) => host.warnings.some(({ code }) => CLONE_CODES.has(code)))];
  const failing = managed.filter((host) => host.lastError !== null && !told.has(host.name) && !isRebuilt(host));
  const withAgent = managed.filter((host) => host.agentVersion !== null);
  const old = withAgent.filter((host) => host.lastError === null && host.lastContactAtMs !== null && nowMs - host.lastContactAtMs > UNCOLLECTED_MS);
  const bare = managed.filter((host) => host.agentVersion === null && host.lastError === null && !isRebuilt(host));
  const warned = managed.filter((host) => host.warnings.some(({ code }) => code !== 'NAMES_DRIFTED' && !code.startsWith('FOOTPRINT_') && !REBUILT_CODES.has(code) && !CLONE_CODES.has(code)));
  const waiting = managed.filter((host) => host.isPending);
  const awaited = managed.filter((host) => host.waits !== null);
  // Whoever has an alert of it is told of there.
  const alerted = new Set(alerts.filter(({ kind, state }) => (kind === 'drifted' || kind === 'tampered') && state !== 'settled').map(({ hostName }) => hostName));
  const drifted = managed.filter((host) => host.isDrifted && !alerted.has(host.name));
  const toHosts = (text: string, command: string) => ({ text, path: '/hosts', command });
  return [
    ...item({ code: 'HOST_FAILING', level: 'danger', text: `The console cannot work with ${countText(failing.length, 'host')}`, holds: failing.length > 0, names: namesOf(failing), action: openHosts(failing, 'firebreak doctor') }),
    ...item({ code: 'HOST_REBUILT', level: 'danger', text: `${countText(rebuilt.length, 'host')} ${rebuilt.length === 1 ? 'was made anew, or lost its agent' : 'were made anew, or lost their agents'}: nothing is pushed there until you say so`, holds: rebuilt.length > 0, names: namesOf(rebuilt), action: openHosts(rebuilt, 'firebreak doctor --stored') }),
    ...item({ code: 'HOST_CLONED', level: 'danger', text: `${countText(cloned.length, 'host')} ${cloned.length === 1 ? 'is a clone or has one' : 'are clones, or have one'}`, holds: cloned.length > 0, names: namesOf(cloned), action: openHosts(cloned, 'firebreak doctor --stored') }),
    ...item({ code: 'HOST_DRIFTED', level: 'danger', text: `${countText(drifted.length, 'host')} ${drifted.length === 1 ? 'runs' : 'run'} rules that Firebreak did not send`, holds: drifted.length > 0, names: namesOf(drifted), action: openHosts(drifted, 'firebreak agent status --all') }),
    ...item({ code: 'PUSH_PENDING', level: 'warning', text: `${countText(waiting.length, 'host')} ${waiting.length === 1 ? 'waits' : 'wait'} for a push to be confirmed`, holds: waiting.length > 0, names: namesOf(waiting), action: { text: 'Open changes', path: '/changes', command: 'firebreak agent status --all' } }),
    ...item({ code: 'PUSH_AWAITED', level: 'warning', text: `${countText(awaited.length, 'host')} ${awaited.length === 1 ? 'was' : 'were'} away when something was pushed, and ${awaited.length === 1 ? 'waits' : 'wait'} for it`, holds: awaited.length > 0, names: namesOf(awaited), action: { text: 'Open changes', path: '/changes', command: 'firebreak push --pending' } }),
    ...item({ code: 'HOST_WARNED', level: 'warning', text: `${countText(warned.length, 'host')} ${warned.length === 1 ? 'has' : 'have'} a warning`, holds: warned.length > 0, names: namesOf(warned), action: openHosts(warned, 'firebreak doctor --stored') }),
    ...item({ code: 'NOT_COLLECTED', level: 'warning', text: `Nothing was collected from ${countText(old.length, 'host')} for three days; hosts keep 30`, holds: old.length > 0, names: namesOf(old), action: toHosts('Collect', 'firebreak collect --all') }),
    ...item({ code: 'NO_AGENT', level: 'note', text: `${countText(bare.length, 'host')} ${bare.length === 1 ? 'has' : 'have'} no agent: not seen, not protected`, holds: bare.length > 0, names: namesOf(bare), action: toHosts('Install', 'firebreak agent install NAME') }),
  ];
}

const REBUILT_CODES: ReadonlySet<string> = new Set(['REBUILT', 'AGENT_GONE']);
const CLONE_CODES: ReadonlySet<string> = new Set(['CLONE', 'CLONED_AGENT']);
const isRebuilt = (host: HostStanding): boolean => host.warnings.some(({ code }) => REBUILT_CODES.has(code));

/** People know a rule by why it is there; its id is for what has no reason given. */
const nameOfRule = ({ id, reason }: Rule): string => (reason === '' ? id : reason);

function aboutPolicy({ policy, hosts, draftChanged, nowMs }: AttentionEvidence): AttentionItem[] {
  const unzoned = hosts.filter((host) => host.managed && host.zone === null);
  const today = new Date(nowMs).toISOString().slice(0, 10);
  const soon = new Date(nowMs + EXPIRY_AHEAD_MS).toISOString().slice(0, 10);
  const expiring = policy.rules.filter(({ expiresOn }) => expiresOn !== null && expiresOn >= today && expiresOn <= soon);
  const due = policy.rules.filter(({ reviewOn }) => reviewOn !== null && reviewOn <= today);
  return [
    ...item({ code: 'RULE_EXPIRING', level: 'warning', text: `${rulesText(expiring.length)} will expire within 14 days`, holds: expiring.length > 0, names: expiring.map(nameOfRule), action: { text: 'Open rules', path: '/rules', command: 'firebreak policy lint' } }),
    ...item({ code: 'RULE_REVIEW', level: 'note', text: `${rulesText(due.length)} ${due.length === 1 ? 'is' : 'are'} due for review`, holds: due.length > 0, names: due.map(nameOfRule), action: { text: 'Open rules', path: '/rules', command: 'firebreak rule list' } }),
    ...item({ code: 'NO_ZONE', level: 'note', text: `${countText(unzoned.length, 'host')} ${unzoned.length === 1 ? 'is' : 'are'} in no zone, and only observed`, holds: unzoned.length > 0, names: namesOf(unzoned), action: { text: 'Open zones', path: '/zones', command: 'firebreak zone list' } }),
    ...item({ code: 'DRAFT_CHANGED', level: 'note', text: 'The draft has edits that no host runs yet', holds: draftChanged, names: [], action: { text: 'Review and push', path: '/changes', command: 'firebreak plan' } }),
  ];
}

const namesOf = (hosts: readonly HostStanding[]): string[] => hosts.map(({ name }) => name);
const rulesText = (rules: number): string => (rules === 1 ? '1 rule' : `${rules.toLocaleString('en')} rules`);
const openHosts = (hosts: readonly HostStanding[], command: string): AttentionItem['action'] => {
  const [only] = hosts;
  return only !== undefined && hosts.length === 1 ? { text: 'Open host', path: `/hosts/${only.name}`, command } : { text: 'Open hosts', path: '/hosts', command };
};

/** None, or one with its first names. */
function item({ holds, names, ...rest }: Omit<AttentionItem, 'more'> & { holds: boolean }): AttentionItem[] {
  return holds ? [{ ...rest, names: names.slice(0, NAMED), more: Math.max(0, names.length - NAMED) }] : [];
}
