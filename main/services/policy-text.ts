import { createHash } from 'node:crypto';
import { FirebreakError, type Issue } from '../../shared/errors.ts';
import type { FileTestResult } from '../../shared/contract/policy-files.ts';
import type { Plan } from '../../shared/model/diff.ts';
import { RuleId } from '../../shared/model/ids.ts';
import type { Rule } from '../../shared/model/policy.ts';
import { describeRule, describeTest } from '../../shared/policy/describe.ts';
import type { NewRuleId } from '../../shared/policy/policy-file-text.ts';
import { type ReadPolicyFile, readPolicyFile } from '../../shared/policy/read-policy-file.ts';
import { runPolicyTests } from '../../shared/policy/run-policy-tests.ts';
import { excerpt } from '../../shared/text/source-lines.ts';
import { listHosts } from '../db/host-store.ts';
import type { BackendContext } from './backend-context.ts';
import { keepContainments } from './containment-draft.ts';
import { checkPolicy } from './check-policy.ts';
import { readDraft } from './draft.ts';
import { listFleet } from './fleet.ts';
import { preparePlan } from './plan-service.ts';
import { resolvePolicy } from './resolved-policy.ts';

export type PolicyTextInput = { readonly text: string; readonly fileName: string };

const MAX_ISSUES = 50;

/** A policy file, checked against the workspace too (hosts that it names). The draft is not changed. @throws POLICY_FILE_INVALID with every issue */
export function readPolicyText(ctx: BackendContext, { text, fileName }: PolicyTextInput): ReadPolicyFile {
  const read = readPolicyFile(text, createRuleIds(ctx, text));
  if (!read.ok) throw invalid(fileName, text, read.issues);
  const { policy, issues } = checkPolicy(read.value.policy, new Set(listHosts(ctx.workspace.read).map((host) => host.name)));
  if (issues.length > 0) throw invalid(fileName, text, issues.map((issue) => ({ ...issue, ...read.value.locate(issue.path) })));
  return { ...read.value, policy };
}

/** The file's own tests on the workspace's hosts, those that break each with its place. @throws POLICY_FILE_INVALID */
export function testText(ctx: BackendContext, input: PolicyTextInput): FileTestResult {
  const { policy, locate } = readPolicyText(ctx, input);
  const fleet = listFleet(ctx);
  const { ran, broken } = runPolicyTests(resolvePolicy(ctx, policy, fleet).policy, fleet, { nowMs: ctx.nowMs() });
  const places = new Map(policy.tests.map((test, i) => [describeTest(test), locate(`tests.${i}`)]));
  return {
    ran,
    broken: broken.map((message) => {
      const place = [...places].find(([test]) => message.startsWith(`${test}: `))?.[1] ?? { line: 1, column: 1 };
      return { ...place, ...excerpt(input.text, place.line, place.column), message };
    }),
  };
}

/** What pushing the file as it is would change; of the draft nothing is looked at but its containments. @throws POLICY_FILE_INVALID · NOT_FOUND for the zone */
export const planText = (ctx: BackendContext, input: PolicyTextInput, zone: string | null): Plan => preparePlan(ctx, zone, keepContainments(readPolicyText(ctx, input).policy, readDraft(ctx).policy)).plan;

function invalid(file: string, text: string, issues: readonly Issue[]): FirebreakError<'POLICY_FILE_INVALID'> {
  const sorted = issues.toSorted((a, b) => (a.line ?? 1) - (b.line ?? 1) || (a.column ?? 1) - (b.column ?? 1));
  const shown = sorted.slice(0, MAX_ISSUES).map((issue) => ({ ...issue, ...excerpt(text, issue.line ?? 1, issue.column ?? 1) }));
  return new FirebreakError('POLICY_FILE_INVALID', { file, issues: shown, more: sorted.length - shown.length });
}

/**
 * A rule without an id takes that of the draft's rule which says the same and which the file does not name, so that reading a file twice makes nothing twice;
 * else one that is made from what it says, so that the same file, its entries in whatever order, is the same policy each time.
 */
function createRuleIds(ctx: BackendContext, text: string): NewRuleId {
  const taken = new Set<string>(text.match(/r_[0-9a-z]{12}/g) ?? []);
  const unnamed = readDraft(ctx).policy.rules.filter((rule) => !taken.has(rule.id));
  for (const { id } of unnamed) taken.add(id);
  return (rule) => {
    const id = idFor(rule, taken);
    const at = unnamed.findIndex((other) => describeRule(other) === describeRule({ ...rule, id }));
    const chosen = at < 0 ? id : (unnamed.splice(at, 1)[0]?.id ?? id);
    taken.add(chosen);
    return chosen;
  };
}

/** The second of two that say the same gets another one. */
function idFor(rule: Omit<Rule, 'id'>, taken: ReadonlySet<string>): RuleId {
  for (let nth = 0; ; nth += 1) {
    const digest = createHash('sha256').update(JSON.stringify([rule, nth])).digest('hex');
    const id = RuleId.parse(`r_${BigInt(`0x${digest}`).toString(36).slice(-12).padStart(12, '0')}`);
    if (!taken.has(id)) return id;
  }
}
