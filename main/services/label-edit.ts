import type { LabelEdit } from '../../shared/contract/label-rules.ts';
import { FirebreakError } from '../../shared/errors.ts';
import type { LabelBook } from '../../shared/labels/assign-labels.ts';
import { checkLabelRule } from '../../shared/labels/check-label-rule.ts';
import { acceptClaims, moveLabelRule, putLabelRule, removeLabelRule } from '../../shared/labels/edit-labels.ts';
import type { LabelHost } from '../../shared/labels/match-label-rule.ts';
import type { HostId, LabelRuleId } from '../../shared/model/ids.ts';
import type { LabelRule } from '../../shared/model/label-rule.ts';
import { parseCidr } from '../../shared/net/parse-cidr.ts';
import { describeConditions, printTemplates } from '../../shared/text/label-rule-text.ts';
import type { BackendContext } from './backend-context.ts';
import { assertNoIssues } from './check-policy.ts';

/** The book after an edit, the rule that it is about (null: it is gone, or there is none), and what the audit log says of it. */
export type EditedBook = { readonly book: LabelBook; readonly rule: LabelRuleId | null; readonly action: string; readonly subject: string; readonly detail: string };

/** All hosts with what they say, and the id of a rule that is new. */
export type EditWorld = { readonly hosts: readonly LabelHost[]; readonly newId: LabelRuleId };

/** Changes nothing. @throws INPUT_INVALID · NOT_FOUND */
export function editLabelBook(ctx: BackendContext, book: LabelBook, edit: LabelEdit, world: EditWorld): EditedBook {
  switch (edit.kind) {
    case 'put':
      return putRule(ctx, book, edit, world);
    case 'remove':
      return { book: removeLabelRule(book, getRule(book, edit.id).id), rule: null, action: 'labelRules.remove', subject: edit.id, detail: describeRule(getRule(book, edit.id)) };
    case 'move':
      return { book: moveLabelRule(book, getRule(book, edit.id).id, edit.position - 1), rule: edit.id, action: 'labelRules.move', subject: edit.id, detail: `to place ${edit.position}` };
    case 'accept':
      return accept(ctx, book, edit, world.hosts);
  }
}

/** `role=db where name db-*, listens=tcp/5432`. */
export const describeRule = (rule: Omit<LabelRule, 'id'>): string => `${printTemplates(rule.labels)} where ${describeConditions(rule)}`;

function getRule(book: LabelBook, id: LabelRuleId): LabelRule {
  const rule = book.rules.find((candidate) => candidate.id === id);
  if (rule === undefined) throw new FirebreakError('NOT_FOUND', { what: 'label rule', name: id, known: book.rules.map((candidate) => candidate.id) });
  return rule;
}

function putRule(ctx: BackendContext, book: LabelBook, edit: Extract<LabelEdit, { kind: 'put' }>, { hosts, newId }: EditWorld): EditedBook {
  const id = edit.id === null ? newId : getRule(book, edit.id).id;
  const networks = edit.rule.networks?.map((text, i) => {
    const cidr = parseCidr(text);
    if (!cidr.ok) throw new FirebreakError('INPUT_INVALID', { issues: cidr.issues.map((issue) => ({ ...issue, path: `rule.networks.${i}` })) });
    return cidr.value;
  });
  const rule: LabelRule = { ...edit.rule, networks: networks ?? null, id };
  assertNoIssues(checkLabelRule(rule));
  const accept = idsOf(edit.accept, hosts);
  const index = edit.position === null ? null : edit.position - 1;
  const after = putLabelRule(book, rule, { index, accept, hosts, by: ctx.user, atMs: ctx.nowMs() });
  const taken = after.claims.filter((claim) => claim.rule === id && claim.accepted !== null && accept.includes(claim.host)).map((claim) => nameOf(claim.host, hosts));
  const detail = `${describeRule(rule)}${taken.length === 0 ? '' : `; accepted for ${taken.join(', ')}`}`;
  return { book: after, rule: id, action: edit.id === null ? 'labelRules.add' : 'labelRules.change', subject: id, detail };
}

function accept(ctx: BackendContext, book: LabelBook, edit: Extract<LabelEdit, { kind: 'accept' }>, hosts: readonly LabelHost[]): EditedBook {
  const names = edit.claims.map(({ rule, hostName, holds }) => {
    const host = idsOf([hostName], hosts)[0];
    const claim = book.claims.find((candidate) => candidate.rule === rule && candidate.host === host && candidate.holds === holds && candidate.holds === (candidate.accepted === null));
    if (claim === undefined) throw new FirebreakError('NOT_FOUND', { what: 'label that waits to be accepted', name: `${rule} on ${hostName}`, known: [] });
    return claim;
  });
  const detail = names.map((claim) => `${claim.rule} ${claim.holds ? 'counts' : 'no longer counts'} on ${nameOf(claim.host, hosts)}: ${claim.holds ? claim.because : `no longer so that ${claim.because}`}`);
  return { book: acceptClaims(book, names, { by: ctx.user, atMs: ctx.nowMs() }), rule: null, action: 'labelRules.accept', subject: edit.claims.map(({ hostName }) => hostName).join(' '), detail: detail.join('; ') };
}

/** @throws NOT_FOUND */
function idsOf(names: readonly string[], hosts: readonly LabelHost[]): HostId[] {
  return names.map((name) => {
    const host = hosts.find((candidate) => candidate.name === name);
    if (host === undefined) throw new FirebreakError('NOT_FOUND', { what: 'host', name, known: hosts.map((candidate) => candidate.name) });
    return host.id;
  });
}

const nameOf = (id: HostId, hosts: readonly LabelHost[]): string => hosts.find((host) => host.id === id)?.name ?? id;
