import type { LintQuery, LintReport } from '../../shared/contract/lint.ts';
import type { HostId } from '../../shared/model/ids.ts';
import { findDanglingReferences } from '../../shared/policy/check-references.ts';
import type { LintInput } from '../../shared/policy/lint/lint-input.ts';
import { lintPolicy } from '../../shared/policy/lint/lint-policy.ts';
import { type HostRecord, isWatched } from '../../shared/policy/lint/watched.ts';
import { findCursor } from '../db/baseline-store.ts';
import { iterateFlowUse } from '../db/flow-use.ts';
import { listFigureSums, listFirstHours } from '../db/recording-store.ts';
import { listFirstPushes } from '../db/rule-history.ts';
import { findVersionPolicy, listVersions } from '../db/version-store.ts';
import type { BackendContext } from './backend-context.ts';
import { assertNoIssues } from './check-policy.ts';
import { readDraft } from './draft.ts';
import { type CompiledDraft, compileInstead, readCompiledDraft } from './draft-compiled.ts';
import { askerNames, readNameDrift } from './names-view.ts';
import { readSaidLabels } from './host-labels.ts';
import { readPolicyText } from './policy-text.ts';

const DAY_MS = 86_400_000;
/** Growth is measured against the newest version that is at least so old. */
const BASE_AGE_MS = 30 * DAY_MS;

/** Lints the draft, or the policy of a file, against the fleet and what it did; changes nothing. @throws POLICY_FILE_INVALID with every issue of the file · INPUT_INVALID with those of the draft's references */
export function lintDraft(ctx: BackendContext, { file, days }: LintQuery): LintReport {
  const written = file === null ? readDraft(ctx).policy : readPolicyText(ctx, file).policy;
  assertNoIssues(findDanglingReferences(written));
  const compiled = file === null ? readCompiledDraft(ctx) : compileInstead(ctx, written);
  const input = readLintInput(ctx, compiled, days);
  const { policy } = compiled;
  const { findings, unwatched } = lintPolicy(input);
  const managed = input.hosts.filter((host) => host.managed);
  return {
    findings: [...findings],
    days,
    rules: policy.rules.length,
    hosts: managed.length,
    watchedHosts: managed.filter((host) => isWatched(input.records.get(host.id), input.nowMs, days)).length,
    unwatchedRules: unwatched,
  };
}

function readLintInput(ctx: BackendContext, compiled: CompiledDraft, days: number): LintInput {
  const db = ctx.workspace.read;
  const nowMs = ctx.nowMs();
  const sinceMs = nowMs - days * DAY_MS;
  const { policy, fleet, names: answers } = compiled;
  const names = answers.length === 0 ? {} : { names: { answers, drift: readNameDrift(ctx, compiled), nameOf: askerNames(compiled) } };
  return { policy, hosts: fleet, ...names, saidLabels: readSaidLabels(ctx), flows: iterateFlowUse(db, sinceMs), records: readRecords(ctx, sinceMs), pushedAtMs: listFirstPushes(db), base: readBase(ctx, nowMs), nowMs, days };
}

function readRecords(ctx: BackendContext, sinceMs: number): Map<HostId, HostRecord> {
  const db = ctx.workspace.read;
  const sums = Map.groupBy(listFigureSums(db, sinceMs), ({ host }) => host);
  return new Map(
    [...listFirstHours(db)].map(([host, since]): [HostId, HostRecord] => {
      const figures = sums.get(host) ?? [];
      const sum = (isCounted: (figure: string) => boolean) => figures.filter(({ figure }) => isCounted(figure)).reduce((total, { amount }) => total + amount, 0);
      const lost = sum((figure) => figure.startsWith('lost-') || figure === 'dropped' || figure === 'rejected');
      return [host, { sinceMs: since, untilMs: findCursor(db, host)?.atMs ?? null, gapSeconds: sum((figure) => figure === 'gap-seconds'), lost }];
    }),
  );
}

/** The newest version of 30 days ago, else the oldest one. */
function readBase(ctx: BackendContext, nowMs: number): LintInput['base'] {
  const versions = listVersions(ctx.workspace.read);
  const head = versions.find(({ createdAtMs }) => createdAtMs <= nowMs - BASE_AGE_MS) ?? versions.at(-1);
  const policy = head && findVersionPolicy(ctx.workspace.read, head.id);
  return head && policy && findDanglingReferences(policy).length === 0 ? { policy, version: head.id, atMs: head.createdAtMs } : null;
}
