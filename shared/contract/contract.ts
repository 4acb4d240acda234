import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { errorPayloads } from '../errors.ts';
import { Plan, Push } from '../model/diff.ts';
import { HostKey, SshTarget } from '../model/host.ts';
import { HostId, PolicyVersionId, PushId, RuleId } from '../model/ids.ts';
import { Labels } from '../model/label.ts';
import { HostName, IpListName, ServiceName, ZoneName } from '../model/names.ts';
import { Cidr, Peer } from '../model/peer.ts';
import { IpList, Policy, Rule, Zone, ZoneMode } from '../model/policy.ts';
import { SelectorSet } from '../model/selector.ts';
import { Service, ServiceRef } from '../model/service.ts';
import { AuditEvent, FlowQuery, FlowRow, HostDetail, HostView, MapView } from './views.ts';

/**
 * The one table of what the backend can do; CLI and windows call nothing else. Values are JSON-safe (epoch ms, no Date).
 * Every call may fail with a code of `errorPayloads`; `main/rpc/error-bridge.ts` turns thrown errors into these.
 */
const errors = Object.fromEntries(Object.entries(errorPayloads).map(([code, data]) => [code, { data }])) as {
  [Code in keyof typeof errorPayloads]: { data: (typeof errorPayloads)[Code] };
};
const call = oc.errors(errors);
const none = z.strictObject({});
const done = z.strictObject({ ok: z.literal(true) });

/** Which hosts a command is for: names, or a selector, or all managed ones. Never an empty list. */
export const HostChoice = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('all') }),
  z.strictObject({ kind: z.literal('names'), names: z.array(HostName).min(1) }),
  z.strictObject({ kind: z.literal('selector'), select: SelectorSet }),
]);
export type HostChoice = z.infer<typeof HostChoice>;

/** What each host answered to a command over many; one failing never stops the others. */
export const PerHost = z.strictObject({
  hostName: z.string(),
  ok: z.boolean(),
  text: z.string(),
  error: z.strictObject({ code: z.string(), title: z.string(), hint: z.string() }).nullable(),
});
export type PerHost = z.infer<typeof PerHost>;
const ManyHosts = z.strictObject({ hosts: z.array(PerHost) });

/** Progress of a long command: any number of `progress`, then one `done` with the result. */
const progressOf = <T extends z.ZodType>(result: T) =>
  eventIterator(
    z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('progress'), hostName: z.string().nullable(), text: z.string(), done: z.number().int(), total: z.number().int() }),
      z.strictObject({ type: z.literal('done'), result }),
    ]),
  );

const NewRule = Rule.omit({ id: true });
export const Suggestion = z.strictObject({
  rule: NewRule,
  /** How many observed flows (keys, not connections) it explains, and how many pair×service combinations it permits though never seen. */
  explains: z.number().int(),
  connections: z.number().int(),
  neverSeen: z.number().int(),
  evidence: z.string(),
});
export type Suggestion = z.infer<typeof Suggestion>;

export const Explanation = z.strictObject({
  verdict: z.enum(['allowed', 'would-block', 'blocked']),
  steps: z.array(z.strictObject({ where: z.string(), text: z.string(), rule: z.string().nullable() })),
});

export const contract = {
  workspace: {
    info: call.input(none).output(z.strictObject({ path: z.string(), readOnly: z.boolean(), hosts: z.number().int(), version: PolicyVersionId.nullable(), draftChanged: z.boolean(), user: z.string() })),
    /** Emits the names of the groups whose data changed, so that windows refetch; never ends by itself. */
    changes: call.input(none).output(eventIterator(z.strictObject({ groups: z.array(z.enum(['hosts', 'policy', 'flows', 'pushes', 'versions', 'audit'])) }))),
  },
  hosts: {
    list: call.input(none).output(z.array(HostView)),
    get: call.input(z.strictObject({ name: HostName })).output(HostDetail),
    /** `ssh: null` adds an unmanaged host, which then needs at least one address. */
    add: call.input(z.strictObject({ name: HostName, ssh: SshTarget.nullable(), addresses: z.array(z.string()), labels: Labels, note: z.string().max(500) })).output(HostView),
    /** A null value removes the label. */
    label: call.input(z.strictObject({ name: HostName, labels: z.record(z.string(), z.string().nullable()) })).output(HostView),
    remove: call.input(z.strictObject({ name: HostName, force: z.boolean() })).output(done),
    /** Connects far enough to see the host key, and no further: no authentication is tried. */
    showKey: call.input(z.strictObject({ name: HostName })).output(z.strictObject({ presented: HostKey, pinned: z.array(HostKey) })),
    /** Pins `key`, which the person has compared. Refused when another key is pinned, unless `replace`. */
    trust: call.input(z.strictObject({ name: HostName, key: HostKey, replace: z.boolean() })).output(HostView),
    /** Passwords for this session only; kept in memory, never stored, never logged. */
    unlock: call.input(z.strictObject({ name: HostName, sshPassword: z.string().nullable(), sudoPassword: z.string().nullable() })).output(done),
  },
  agents: {
    /** `replace` takes over an agent of another workspace; its rules are dropped. */
    install: call.input(z.strictObject({ hosts: HostChoice, replace: z.boolean().default(false) })).output(progressOf(ManyHosts)),
    uninstall: call.input(z.strictObject({ hosts: HostChoice })).output(progressOf(ManyHosts)),
    status: call.input(z.strictObject({ hosts: HostChoice })).output(progressOf(ManyHosts)),
    collect: call.input(z.strictObject({ hosts: HostChoice })).output(progressOf(ManyHosts)),
  },
  policy: {
    /** The draft, and the zone overlaps that its order decides. */
    get: call.input(none).output(z.strictObject({ policy: Policy, version: PolicyVersionId.nullable(), changed: z.boolean(), overlaps: z.array(z.strictObject({ host: z.string(), zones: z.array(z.string()) })), essential: z.array(z.strictObject({ name: z.string(), text: z.string() })) })),
    addZone: call.input(z.strictObject({ name: ZoneName, select: SelectorSet, outbound: z.enum(['open', 'restricted']), onlyServices: z.array(ServiceRef).min(1).nullable().optional(), note: z.string().max(500) })).output(Zone),
    /** `onlyServices` stays as it is when it is left out. */
    updateZone: call.input(z.strictObject({ name: ZoneName, select: SelectorSet, outbound: z.enum(['open', 'restricted']), onlyServices: z.array(ServiceRef).min(1).nullable().optional(), note: z.string().max(500) })).output(Zone),
    /** Refused with GATE_CLOSED when a check of readiness fails that `waivers` does not name. */
    setZoneMode: call.input(z.strictObject({ name: ZoneName, mode: ZoneMode, waivers: z.array(z.strictObject({ check: z.string().min(1), reason: z.string().min(1).max(500) })) })).output(Zone),
    orderZones: call.input(z.strictObject({ names: z.array(ZoneName) })).output(done),
    removeZone: call.input(z.strictObject({ name: ZoneName })).output(done),
    readiness: call.input(z.strictObject({ name: ZoneName, mode: ZoneMode })).output(z.array(z.strictObject({ check: z.string(), text: z.string(), state: z.enum(['ok', 'warning', 'blocker']) }))),
    addRules: call.input(z.strictObject({ rules: z.array(NewRule).min(1) })).output(z.array(Rule)),
    updateRule: call.input(Rule).output(Rule),
    removeRule: call.input(z.strictObject({ id: RuleId })).output(done),
    putService: call.input(Service).output(Service),
    removeService: call.input(z.strictObject({ name: ServiceName })).output(done),
    putIpList: call.input(z.strictObject({ name: IpListName, cidrs: z.array(Cidr).min(1), except: z.array(Cidr), note: z.string().max(500) })).output(IpList),
    removeIpList: call.input(z.strictObject({ name: IpListName })).output(done),
    /** Which hosts a selector matches now; an empty answer is shown as “matches nobody”. */
    matches: call.input(z.strictObject({ peer: Peer })).output(z.array(z.string())),
    suggest: call.input(z.strictObject({ zone: ZoneName.nullable(), sinceMs: z.number().int().nullable() })).output(z.strictObject({ suggestions: z.array(Suggestion), unexplained: z.array(z.string()) })),
    explain: call.input(z.strictObject({ from: z.string(), to: z.string(), service: ServiceRef })).output(Explanation),
    /** The draft as YAML, byte-stable; and back. */
    exportText: call.input(none).output(z.strictObject({ text: z.string() })),
    importText: call.input(z.strictObject({ text: z.string(), dryRun: z.boolean() })).output(z.strictObject({ zones: z.number().int(), rules: z.number().int() })),
    /** Runs the policy tests of the draft; `broken` is empty when all hold. */
    test: call.input(none).output(z.strictObject({ ran: z.number().int(), broken: z.array(z.string()) })),
    discardDraft: call.input(none).output(done),
  },
  flows: {
    list: call.input(FlowQuery).output(z.strictObject({ rows: z.array(FlowRow), total: z.number().int() })),
    map: call.input(z.strictObject({ sinceMs: z.number().int().nullable() })).output(MapView),
    savePositions: call.input(z.strictObject({ positions: z.array(z.strictObject({ id: z.string().max(300), x: z.number(), y: z.number() })).max(20000) })).output(done),
    /** RFC 4180 with a header row; cells that a spreadsheet would run are neutralised. */
    exportCsv: call.input(FlowQuery).output(z.strictObject({ text: z.string(), rows: z.number().int() })),
  },
  pushes: {
    plan: call.input(z.strictObject({ zone: ZoneName.nullable() })).output(Plan),
    /** Text of what would be sent to, and what runs on, one host. */
    text: call.input(z.strictObject({ hostName: HostName })).output(z.strictObject({ before: z.string().nullable(), after: z.string() })),
    /** `planHash` must be that of a plan made now; PLAN_STALE otherwise. Events are the whole push each time it changes. */
    start: call.input(z.strictObject({ planHash: z.string(), zone: ZoneName.nullable(), note: z.string().max(1000), confirmWithinSeconds: z.number().int().min(5).max(3600) })).output(eventIterator(Push)),
    /** Goes back to the bundle before the last on each host; a push like any other, armed and confirmed. */
    rollback: call.input(z.strictObject({ hosts: HostChoice, note: z.string().max(1000), confirmWithinSeconds: z.number().int().min(5).max(3600) })).output(eventIterator(Push)),
    list: call.input(none).output(z.array(Push)),
    get: call.input(z.strictObject({ id: PushId })).output(Push),
    /** Asks every host of interrupted pushes what it did, and stores the answers. Also done at start. */
    reconcile: call.input(none).output(z.array(Push)),
  },
  versions: {
    list: call.input(none).output(z.array(z.strictObject({ id: PolicyVersionId, parent: PolicyVersionId.nullable(), hash: z.string(), author: z.string(), note: z.string(), createdAtMs: z.number().int() }))),
    diff: call.input(z.strictObject({ a: PolicyVersionId, b: PolicyVersionId })).output(z.array(z.strictObject({ change: z.string(), what: z.string(), name: z.string(), before: z.string().nullable(), after: z.string().nullable() }))),
    /** Makes the version's policy the draft; nothing is pushed. */
    restore: call.input(z.strictObject({ id: PolicyVersionId })).output(done),
  },
  audit: {
    list: call.input(z.strictObject({ limit: z.number().int().min(1).max(5000), beforeSeq: z.number().int().nullable() })).output(z.array(AuditEvent)),
    /** Recomputes the hash chain; `brokenAt` is the first entry that does not fit, or null. */
    verify: call.input(none).output(z.strictObject({ entries: z.number().int(), brokenAt: z.number().int().nullable() })),
  },
  reports: {
    /** One honest page as HTML; the caller prints it (window preview, PDF printer). */
    html: call.input(z.strictObject({ kind: z.enum(['summary']), sinceMs: z.number().int().nullable() })).output(z.strictObject({ html: z.string() })),
  },
};
export type Contract = typeof contract;
export { HostId };
