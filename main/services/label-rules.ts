import type { HostLabels, LabelEdit, LabelPreview, LabelRulesView, WaitingLabel } from '../../shared/contract/label-rules.ts';
import { assignLabels, type HostLabelling, type LabelBook } from '../../shared/labels/assign-labels.ts';
import type { PendingClaim } from '../../shared/labels/edit-labels.ts';
import type { LabelHost } from '../../shared/labels/match-label-rule.ts';
import { compareLabels, previewLabels } from '../../shared/labels/preview-labels.ts';
import type { HostId } from '../../shared/model/ids.ts';
import type { LabelRule } from '../../shared/model/label-rule.ts';
import { type HostRecord, listHosts } from '../db/host-store.ts';
import { loadLabelBook, saveLabelBook } from '../db/label-rule-store.ts';
import type { BackendContext } from './backend-context.ts';
import { readCompiledDraft } from './draft-compiled.ts';
import { getHost } from './find-host.ts';
import { readLabellings, readWaiting } from './host-labels.ts';
import { readLabelHosts } from './label-claims.ts';
import { editLabelBook } from './label-edit.ts';
import { listLabelNotes } from './label-notes.ts';
import { recordChange } from './record-change.ts';

/** Rules in order, each with the hosts on which it counts, and what waits for somebody's look. */
export function listLabelRules(ctx: BackendContext): LabelRulesView {
  const book = loadLabelBook(ctx.workspace.read);
  const hosts = listHosts(ctx.workspace.read);
  const labellings = readLabellings(ctx, hosts);
  const counted = (rule: LabelRule) => hosts.filter((host) => countsOn(rule, labellings.get(host.id))).map((host) => host.name);
  return { rules: book.rules.map((rule, i) => ({ ...rule, number: i + 1, hosts: counted(rule) })), waiting: listWaiting(ctx, book, hosts) };
}

/** @throws NOT_FOUND */
export function readHostLabels(ctx: BackendContext, name: string): HostLabels {
  const host = getHost(ctx, name);
  const entries = readLabellings(ctx, [host]).get(host.id)?.entries ?? [];
  return { host: host.id, entries: entries.map((entry) => ({ ...entry, disagrees: [...entry.disagrees] })), waiting: listWaiting(ctx, loadLabelBook(ctx.workspace.read), [host]) };
}

/** What the edit would do to labels and zones; changes nothing. @throws INPUT_INVALID · NOT_FOUND */
export function previewLabelEdit(ctx: BackendContext, edit: LabelEdit): LabelPreview {
  const before = loadLabelBook(ctx.workspace.read);
  const hosts = readLabelHosts(ctx);
  const { book, rule: id } = editLabelBook(ctx, before, edit, { hosts, newId: ctx.newId.labelRule() });
  const labellings = assignLabels(book, hosts);
  const { policy, fleet } = readCompiledDraft(ctx);
  const effect = previewLabels(policy, fleet, new Map([...labellings].map(([host, { labels }]) => [host, labels])));
  const rule = book.rules.find((candidate) => candidate.id === id);
  return {
    hosts: rule === undefined ? [] : hosts.filter((host) => countsOn(rule, labellings.get(host.id))).map((host) => host.name),
    waiting: rule === undefined ? [] : book.claims.filter((claim) => claim.rule === rule.id && claim.holds && claim.accepted === null).map((claim) => ({ hostName: nameOf(claim.host, hosts), because: claim.because })),
    changes: [...effect.changes],
    moves: [...effect.moves],
    zones: [...effect.zones],
    notes: rule === undefined ? [] : listLabelNotes(ctx, rule, hosts, labellings),
  };
}

/** @throws INPUT_INVALID · NOT_FOUND, also for an `accept` of what no longer waits as it was shown */
export function applyLabelEdit(ctx: BackendContext, edit: LabelEdit): LabelRulesView {
  const hosts = readLabelHosts(ctx);
  const world = { hosts, newId: ctx.newId.labelRule() };
  const { action, subject, detail } = editLabelBook(ctx, loadLabelBook(ctx.workspace.read), edit, world);
  // The book that is edited is that of the transaction, so that two writers never lose an edit.
  recordChange(ctx, { action, subject, detail, groups: ['hosts', 'policy'] }, (tx) => saveLabelBook(tx, editLabelBook(ctx, loadLabelBook(tx), edit, world).book));
  return listLabelRules(ctx);
}

function listWaiting(ctx: BackendContext, book: LabelBook, hosts: readonly HostRecord[]): WaitingLabel[] {
  const names = new Map<HostId, string>(hosts.map((host) => [host.id, host.name]));
  const numbers = new Map(book.rules.map((rule, i) => [rule.id, i + 1]));
  return readWaiting(ctx, hosts).map(({ claim, before, after }: PendingClaim): WaitingLabel => {
    const hostName = names.get(claim.host) ?? claim.host;
    return { rule: claim.rule, number: numbers.get(claim.rule) ?? 0, hostName, holds: claim.holds, because: claim.because, changes: compareLabels(hostName, before.labels, after.labels) };
  });
}

const countsOn = (rule: LabelRule, labelling: HostLabelling | undefined): boolean => labelling?.rules.includes(rule.id) ?? false;

const nameOf = (id: HostId, hosts: readonly LabelHost[]): string => hosts.find((host) => host.id === id)?.name ?? id;
