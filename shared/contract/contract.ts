import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { AlertSettings } from '../model/alert.ts';
import { Plan, PolicyDiffRow, Push } from '../model/diff.ts';
import { FlipReport } from '../model/flip.ts';
import { HostKey, PresentedKey } from '../model/host.ts';
import { OutsideWindow, WaitingHost } from '../model/host-wait.ts';
import { HostId, PolicyVersionId, PushId, RuleId } from '../model/ids.ts';
import { KeyVerdict } from '../model/host-key.ts';
import { HostCompatibility, LoginName, UninstallRules } from '../model/compatibility.ts';
import { Labels } from '../model/label.ts';
import { HostName, IpListName, ServiceName, ZoneName } from '../model/names.ts';
import { Peer } from '../model/peer.ts';
import { IpList, Policy, Rule, Zone, ZoneMode } from '../model/policy.ts';
import { ReadinessCheck } from '../model/readiness.ts';
import { SelectorSet } from '../model/selector.ts';
import { Service, ServiceRef } from '../model/service.ts';
import { SessionChoice, SessionPlan } from '../model/session.ts';
import { AT_ONCE, WaveOrder } from '../model/waves.ts';
import { Template } from '../policy/template.ts';
import { SearchHit, SearchQuery } from './search.ts';
import { ContainmentOrder, ContainmentView } from './containment.ts';
import { HostImportInput, HostImportResult, NewHost, ProbeInput, ProbeResult } from './host-imports.ts';
import { OtherMachine } from './host-identity.ts';
import { HostTimeline } from './host-timeline.ts';
import { HostFootprint, HostHealth, HostLatency, HostQuality } from './host-evidence.ts';
import { TemplateOutcome, TemplateUse } from './templates.ts';
import { HostLabels, LabelEdit, LabelPreview, LabelRulesView } from './label-rules.ts';
import { DraftHistory, RuleEdits, RuleRemovals, StepBack } from './draft-history.ts';
import { Explanation, ExplainQuery } from './explain-views.ts';
import { KpiReport } from './kpi.ts';
import { RenderedReport, ReportOrder, ReportTable } from './report-kinds.ts';
import { EvidenceOrder, PreparedPack, SealedPack, SealOrder } from './report-packs.ts';
import { LintQuery, LintReport } from './lint.ts';
import { VersionDetail } from './version-views.ts';
import { ZoneMaturity } from './maturity-views.ts';
import { NamesView, ResolveNamesInput } from './name-views.ts';
import { MatrixCellDetail, MatrixCellQuery, MatrixQuery, MatrixView, PathQuery, PathView, ReachQuery, ReachView } from './reach-views.ts';
import { ProofHead, ProofOrder, ProofView } from './reach-proofs.ts';
import { SuggestionsView, SuggestQuery } from './suggest-views.ts';
import { BlameRow, FileTestResult, ImportInput, ImportResult, PolicyText, RuleEvent } from './policy-files.ts';
import { AuditExportEvent } from './audit-parts.ts';
import { AckInput, AlertCounts, AlertDetail, AlertList, AlertNews, AlertQuery, MuteInput, MuteView } from './alerts.ts';
import { KpiTrends, Overview } from './overview.ts';
import { AuditEvent, HostDetail, HostView } from './views.ts';
import { CollectRound, CollectRoundOrder } from './collect-rounds.ts';
import { call, done, none, progressOf } from './contract-call.ts';
import { HostChoice, ManyHosts, PerHost } from './host-choice.ts';
import { bundlesContract } from './contract-bundles.ts';
import { exportsContract } from './contract-exports.ts';
import { flowsContract } from './contract-flows.ts';
import { forwardsContract } from './contract-forwards.ts';
import { hostKeysContract } from './contract-host-keys.ts';
import { loginsContract } from './logins.ts';
import { OnboardOrder, OnboardResult } from './onboarding.ts';
import { offlineContract } from './offline.ts';
import { updatesContract } from './updates.ts';
import { workspaceContract } from './contract-workspace.ts';

const NewRule = Rule.omit({ id: true });

/**
 * The one table of what the backend can do; CLI and windows call nothing else. Values are JSON-safe (epoch ms, no Date).
 * Every call may fail with a code of `errorPayloads`; `main/rpc/error-bridge.ts` turns thrown errors into these.
 */
export const contract = {
  workspace: workspaceContract,
  hosts: {
    list: call.input(none).output(z.array(HostView)),
    get: call.input(z.strictObject({ name: HostName })).output(HostDetail),
    /** What is stored of what happened to it; asks no host. */
    timeline: call.input(z.strictObject({ name: HostName })).output(HostTimeline),
    /** How complete its record is, by the hour; null: the last seven days. */
    quality: call.input(z.strictObject({ name: HostName, sinceMs: z.number().int().nullable() })).output(HostQuality),
    /** What its agent takes of it. */
    footprint: call.input(z.strictObject({ name: HostName })).output(HostFootprint),
    /** Has the host measure what its rules add to the time of a connect; seconds. */
    measureLatency: call.input(z.strictObject({ name: HostName })).output(HostLatency),
    /** What is stored about the health of every managed host; asks no host. */
    health: call.input(none).output(z.array(HostHealth)),
    /** `ssh: null` adds an unmanaged host, which then needs at least one address. */
    add: call.input(NewHost).output(HostView),
    /** Adds, and with `update` changes, all hosts of a source that can be, in one step; which are refused, and why, is in the result. Reads files of the console's machine; connects to nothing. */
    importList: call.input(HostImportInput).output(HostImportResult),
    /** Which addresses of a network answer with SSH; stores nothing. What the person picks of them is added by `importList`. */
    probe: call.input(ProbeInput).output(progressOf(ProbeResult)),
    /** A null value removes the label. */
    label: call.input(z.strictObject({ name: HostName, labels: z.record(z.string(), z.string().nullable()) })).output(HostView),
    remove: call.input(z.strictObject({ name: HostName, force: z.boolean() })).output(done),
    /** Connects far enough to see the host key, and no further: no authentication is tried. `source`: the list that names or revokes the key, or has another. `otherMachine`: another than before answered there, and waits to be accepted. */
    showKey: call.input(z.strictObject({ name: HostName })).output(z.strictObject({ presented: PresentedKey, pinned: z.array(HostKey), verdict: KeyVerdict, source: z.string().nullable(), otherMachine: OtherMachine.nullable() })),
    /** Pins `key`, which the person has compared. Refused when another key is pinned, or an imported list has another, unless `replace`, which also accepts the machine that answers there now as the host; one that a list revokes always. */
    trust: call.input(z.strictObject({ name: HostName, key: PresentedKey, replace: z.boolean() })).output(HostView),
    /** Passwords for this session only; kept in memory, never stored, never logged. */
    unlock: call.input(z.strictObject({ name: HostName, sshPassword: z.string().nullable(), sudoPassword: z.string().nullable() })).output(done),
  },
  hostKeys: hostKeysContract,
  logins: loginsContract,
  /** Rules that give labels to hosts; not part of the policy. */
  labelRules: {
    list: call.input(none).output(LabelRulesView),
    /** Where the labels of one host come from. */
    ofHost: call.input(z.strictObject({ name: HostName })).output(HostLabels),
    /** What `apply` would do to labels and zones now; nothing is changed. */
    preview: call.input(LabelEdit).output(LabelPreview),
    apply: call.input(LabelEdit).output(LabelRulesView),
  },
  agents: {
    /**
     * Another workspace's host (other id, other key, or rules that its agent left) is taken with `adopt`, which keeps its rules, or `replace`, which drops them.
     * `as`: log in as this user, for this command only. Upgrades too; to an older version only with `allowDowngrade`.
     */
    install: call.input(z.strictObject({ hosts: HostChoice, replace: z.boolean().default(false), adopt: z.boolean().default(false), allowDowngrade: z.boolean().default(false), as: LoginName.nullable().default(null) })).output(progressOf(ManyHosts)),
    /** `rules`: agent/README.md, `uninstall`. */
    uninstall: call.input(z.strictObject({ hosts: HostChoice, rules: UninstallRules.default('remove'), as: LoginName.nullable().default(null) })).output(progressOf(ManyHosts)),
    /** Whether the agent can run there; nothing is written to a host. */
    check: call.input(z.strictObject({ hosts: HostChoice, as: LoginName.nullable().default(null) })).output(progressOf(z.strictObject({ hosts: z.array(HostCompatibility) }))),
    status: call.input(z.strictObject({ hosts: HostChoice })).output(progressOf(ManyHosts)),
    collect: call.input(z.strictObject({ hosts: HostChoice })).output(progressOf(ManyHosts)),
    /** One round of a command or window that collects regularly: as `collect`, but leaves out hosts that need a password that was not given, or failed lately, and ends where a push begins. */
    collectRound: call.input(CollectRoundOrder).output(progressOf(CollectRound)),
    /** Each host from its key to its first flows: key, check, install, collect. What is done is not done again, so that the same call goes on where one ended. Leaving aborts what is under way. */
    onboard: call.input(OnboardOrder).output(progressOf(OnboardResult)),
    /** No further host is begun; those under way go on to their end, and the stream ends with its result. Nothing happens where none of that name runs in this process. */
    stopOnboarding: call.input(OnboardOrder.pick({ run: true })).output(done),
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
    readiness: call.input(z.strictObject({ name: ZoneName, mode: ZoneMode })).output(z.array(ReadinessCheck)),
    /** How much of what each zone does was seen, in the order of the zones; looks at all of their flows. */
    maturity: call.input(none).output(z.array(ZoneMaturity)),
    addRules: call.input(z.strictObject({ rules: z.array(NewRule).min(1) })).output(z.array(Rule)),
    updateRule: call.input(Rule).output(Rule),
    removeRule: call.input(z.strictObject({ id: RuleId })).output(done),
    updateRules: call.input(RuleEdits).output(z.array(Rule)),
    removeRules: call.input(RuleRemovals).output(done),
    putService: call.input(Service).output(Service),
    removeService: call.input(z.strictObject({ name: ServiceName })).output(done),
    putIpList: call.input(IpList).output(IpList),
    removeIpList: call.input(z.strictObject({ name: IpListName })).output(done),
    /** What the names of the draft's IP lists mean now, and who said so. */
    names: call.input(none).output(NamesView),
    /** Asks for the names anew; plans and pushes never do. */
    resolveNames: call.input(ResolveNamesInput).output(progressOf(ManyHosts)),
    /** Which hosts a selector matches now; an empty answer is shown as “matches nobody”. */
    matches: call.input(z.strictObject({ peer: Peer })).output(z.array(z.string())),
    suggest: call.input(SuggestQuery).output(SuggestionsView),
    /** Changes nothing in the policy and nothing on a host; with `live` it stores the counters that it read. */
    explain: call.input(ExplainQuery).output(Explanation),
    /** What the draft changes against the newest version. */
    changes: call.input(none).output(z.array(PolicyDiffRow)),
    /** What each change of the draft, against the newest version, flips by itself among the flows of the period; null: the last 30 days. */
    flips: call.input(z.strictObject({ sinceMs: z.number().int().nullable() })).output(FlipReport),
    /** The draft as YAML, byte-stable, comments kept; and back. The state is kept, so that a later import of the file can be merged. */
    exportText: call.input(none).output(z.strictObject({ text: z.string() })),
    importText: call.input(ImportInput).output(ImportResult),
    /** The file's policy tests against the workspace's hosts; the draft is not looked at. */
    testText: call.input(PolicyText).output(FileTestResult),
    ruleHistory: call.input(z.strictObject({ id: RuleId })).output(z.array(RuleEvent)),
    blame: call.input(none).output(z.array(BlameRow)),
    /** Runs the policy tests of the draft; `broken` is empty when all hold. */
    test: call.input(none).output(z.strictObject({ ran: z.number().int(), broken: z.array(z.string()) })),
    /** The edits of the draft that can be taken back or done again; and doing so, which answers with what is left. */
    draftHistory: call.input(none).output(DraftHistory),
    undo: call.input(StepBack).output(DraftHistory),
    redo: call.input(StepBack).output(DraftHistory),
    discardDraft: call.input(none).output(done),
    /** What is wrong or doubtful about the draft or a file, each with evidence and a fix; changes nothing. */
    lint: call.input(LintQuery).output(LintReport),
  },
  templates: {
    /** Those that come with Firebreak, by name. */
    list: call.input(none).output(z.array(Template)),
    /** What `apply` would do now; nothing is changed. */
    preview: call.input(TemplateUse).output(TemplateOutcome),
    /** Adds to the draft what is not there yet, and says what became of each part; a second time adds nothing. */
    apply: call.input(TemplateUse).output(TemplateOutcome),
  },
  flows: flowsContract,
  bundles: bundlesContract,
  offline: offlineContract,
  /** What can reach what; each in the live policy and in the draft. Only `prove` asks hosts. */
  reach: {
    of: call.input(ReachQuery).output(ReachView),
    path: call.input(PathQuery).output(PathView),
    matrix: call.input(MatrixQuery).output(MatrixView),
    /** Both ends are keys of `matrix`. */
    cell: call.input(MatrixCellQuery).output(MatrixCellDetail),
    matrixCsv: call.input(MatrixQuery).output(z.strictObject({ text: z.string() })),
    /** Has hosts try what the newest pushed version says, while both ends witness; stored at the end. Changes no rules. Leaving or aborting stores nothing. */
    prove: call.input(ProofOrder).output(progressOf(ProofView)),
    /** Newest first. */
    proofs: call.input(none).output(z.array(ProofHead)),
    /** The newest where `id` is null. */
    proof: call.input(z.strictObject({ id: z.number().int().positive().nullable() })).output(ProofView.nullable()),
    /** What was tried and what follows, a line each; cells that a spreadsheet would run are made harmless. */
    proofCsv: call.input(z.strictObject({ id: z.number().int().positive() })).output(z.strictObject({ text: z.string() })),
  },
  pushes: {
    plan: call.input(z.strictObject({ zone: ZoneName.nullable() })).output(Plan),
    /** The same for a policy file as it is, in place of the draft. */
    planText: call.input(PolicyText.extend({ zone: ZoneName.nullable() })).output(Plan),
    /** Text of what would be sent to, and what runs on, one host. */
    text: call.input(z.strictObject({ hostName: HostName })).output(z.strictObject({ before: z.string().nullable(), after: z.string() })),
    /** The live connections that the draft forbids on hosts that it brings to enforce, or on which it lets less through; read from the hosts now, over SSH. */
    sessions: call.input(z.strictObject({ zone: ZoneName.nullable() })).output(SessionPlan),
    /** `planHash` must be that of a plan made now; PLAN_STALE otherwise. Without `waves` all hosts go at once. WINDOW_CLOSED outside a maintenance window unless `outsideWindow` says why. Events are the whole push each time it changes. */
    start: call.input(z.strictObject({ planHash: z.string(), zone: ZoneName.nullable(), note: z.string().max(1000), confirmWithinSeconds: z.number().int().min(5).max(3600), sessions: SessionChoice.default('keep'), waves: WaveOrder.default(AT_ONCE), leaveAway: z.boolean().default(false), outsideWindow: OutsideWindow.default(null) })).output(eventIterator(Push)),
    /** Hosts that were away when something was pushed, and wait for it. */
    waiting: call.input(none).output(z.array(WaitingHost)),
    /** What delivering it now would change. Connects to nothing. */
    planPending: call.input(none).output(Plan),
    /** Sends those that answer now the version that they wait for; the others go on waiting. */
    startPending: call.input(z.strictObject({ planHash: z.string(), note: z.string().max(1000), confirmWithinSeconds: z.number().int().min(5).max(3600), outsideWindow: OutsideWindow.default(null) })).output(eventIterator(Push)),
    /** They wait no longer, and stay as they are. */
    forgetPending: call.input(z.strictObject({ hosts: HostChoice })).output(z.array(WaitingHost)),
    /** No further host is begun; hosts under way go on, and the push ends with its stream. PUSH_NOT_HERE when another process runs it, or nobody. */
    stop: call.input(z.strictObject({ id: PushId })).output(done),
    /** Goes back to the bundle before the last on each host; a push like any other, armed and confirmed. */
    rollback: call.input(z.strictObject({ hosts: HostChoice, note: z.string().max(1000), confirmWithinSeconds: z.number().int().min(5).max(3600) })).output(eventIterator(Push)),
    list: call.input(none).output(z.array(Push)),
    get: call.input(z.strictObject({ id: PushId })).output(Push),
    /** Asks every host of interrupted pushes what it did, and stores the answers. Also done at start. */
    reconcile: call.input(none).output(z.array(Push)),
  },
  containments: {
    list: call.input(none).output(z.array(ContainmentView)),
    /** The three layers of what it would change, and what it would cut; connects to nothing. */
    plan: call.input(ContainmentOrder).output(Plan),
    /** Carries out what was planned. Without the unpushed edits of the draft, and without waiting for policy tests and readiness. */
    start: call.input(z.strictObject({ order: ContainmentOrder, planHash: z.string(), confirmWithinSeconds: z.number().int().min(5).max(3600) })).output(eventIterator(Push)),
  },
  versions: {
    list: call.input(none).output(z.array(z.strictObject({ id: PolicyVersionId, parent: PolicyVersionId.nullable(), hash: z.string(), author: z.string(), note: z.string(), createdAtMs: z.number().int() }))),
    /** With the evidence on which each zone got its mode, as it was then; null where none was stored. */
    show: call.input(z.strictObject({ id: PolicyVersionId })).output(VersionDetail),
    diff: call.input(z.strictObject({ a: PolicyVersionId, b: PolicyVersionId })).output(z.array(z.strictObject({ change: z.string(), what: z.string(), name: z.string(), before: z.string().nullable(), after: z.string().nullable() }))),
    /** Makes the version's policy the draft; nothing is pushed. */
    restore: call.input(z.strictObject({ id: PolicyVersionId })).output(done),
  },
  audit: {
    list: call.input(z.strictObject({ limit: z.number().int().min(1).max(5000), beforeSeq: z.number().int().nullable() })).output(z.array(AuditEvent)),
    /** Recomputes the hash chain; `brokenAt` is the first entry that does not fit, or null. */
    verify: call.input(none).output(z.strictObject({ entries: z.number().int(), brokenAt: z.number().int().nullable() })),
    /** The whole log as it was when it began, oldest first, in parts; leaving or aborting ends it. JSON lines hold exactly what the hashes are made of; in CSV, cells that a spreadsheet would run are made harmless. */
    exportText: call.input(z.strictObject({ format: z.enum(['csv', 'jsonl']) })).output(eventIterator(AuditExportEvent)),
  },
  search: {
    /** Everything with a name or an address that fits the text, best first. Of flows the newest that fit; aborting ends it. */
    find: call.input(SearchQuery).output(z.array(SearchHit)),
  },
  reports: {
    /** One honest page as HTML; the caller prints it (window preview, PDF printer). */
    html: call.input(z.strictObject({ kind: z.enum(['summary']), sinceMs: z.number().int().nullable() })).output(z.strictObject({ html: z.string() })),
    /** A report of a kind as one HTML document: the window's preview, and what is printed. @throws INPUT_INVALID */
    render: call.input(ReportOrder).output(RenderedReport),
    /** The CSV of a kind. @throws INPUT_INVALID */
    csv: call.input(ReportOrder).output(ReportTable),
    /** Figures about the policy, each with its formula; null: the last 30 days. */
    kpi: call.input(z.strictObject({ sinceMs: z.number().int().nullable() })).output(KpiReport),
    /** Tables and report of a period; changes nothing. @throws INPUT_INVALID */
    preparePack: call.input(EvidenceOrder).output(PreparedPack),
    /** Signs what was prepared last, with its printed PDF. Audited. @throws NOT_FOUND */
    sealPack: call.input(SealOrder).output(SealedPack),
  },
  overview: {
    /** How the site is now, and what needs somebody; asks no host. */
    get: call.input(none).output(Overview),
    /** The KPIs of the last 30 days and what they were on the days before; stores those of today. */
    kpis: call.input(none).output(KpiTrends),
  },
  alerts: {
    list: call.input(AlertQuery).output(AlertList),
    counts: call.input(none).output(AlertCounts),
    /** What became open since then and is to be told: names only. */
    news: call.input(z.strictObject({ sinceMs: z.number().int() })).output(AlertNews),
    get: call.input(z.strictObject({ id: z.number().int().positive() })).output(AlertDetail),
    acknowledge: call.input(AckInput).output(done),
    /** Takes an acknowledgement back. */
    reopen: call.input(AckInput.pick({ ids: true })).output(done),
    mutes: call.input(none).output(z.array(MuteView)),
    mute: call.input(MuteInput).output(MuteView),
    unmute: call.input(z.strictObject({ id: z.number().int().positive() })).output(done),
    settings: call.input(none).output(AlertSettings),
    setSettings: call.input(AlertSettings).output(AlertSettings),
  },
  forwards: forwardsContract,
  updates: updatesContract,
  exports: exportsContract,
};
export type Contract = typeof contract;
export { HostChoice, HostId, PerHost };
