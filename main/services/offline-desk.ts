import type { OfflineHostDetail, OfflineHostRow, OfflineQuery, OfflineSummary } from '../../shared/contract/offline.ts';
import { FirebreakError } from '../../shared/errors.ts';
import { type HostAudit, OFFLINE_CODES, type OfflineAudit } from '../../shared/offline-audit/offline-audit.ts';
import { groupBlindSpots, groupFindings, sumAudit } from '../../shared/offline-audit/summarize.ts';
import { renderOfflineReport } from '../reports/offline/offline-report.ts';
import { makeOfflineTables } from '../reports/offline/offline-tables.ts';
import type { BackendContext } from './backend-context.ts';
import { toAbsolute } from './bundle-import.ts';
import { auditOffline } from './offline-audit.ts';
import { readCarriedHosts } from './offline-carried.ts';

const MAX_GROUPS = 200;
const MAX_HOSTS_NAMED = 20;
const MAX_ADMITS = 500;
const MAX_FINDINGS = 300;

type Event = { type: 'progress'; hostName: null; text: string; done: number; total: number } | { type: 'done'; result: OfflineSummary };
type Kept = { readonly id: string; readonly audit: OfflineAudit; readonly madeAtMs: number };

/** The audit that was made last in each open workspace: the others are megabytes that nobody looks at. */
const kept = new WeakMap<BackendContext['workspace'], Kept>();
let made = 0;

/** @throws as auditOffline */
export async function* auditFiles(ctx: BackendContext, { paths, logs, hostsPath, templatesPath, bundles }: OfflineQuery, signal?: AbortSignal): AsyncGenerator<Event, void, void> {
  const one = (path: string | null): string | null => (path === null ? null : (toAbsolute(ctx, [path])[0] ?? null));
  const order = { paths: toAbsolute(ctx, paths), logs: toAbsolute(ctx, logs), hostsPath: one(hostsPath), templatesPath: one(templatesPath), carried: bundles ? readCarriedHosts(ctx) : null, nowMs: ctx.nowMs(), signal };
  for await (const event of auditOffline(order)) {
    if (event.type === 'progress') {
      yield { ...event, hostName: null };
      continue;
    }
    made += 1;
    const keep: Kept = { id: `audit-${made}`, audit: event.audit, madeAtMs: ctx.nowMs() };
    kept.set(ctx.workspace, keep);
    yield { type: 'done', result: summarize(keep) };
  }
}

function getKept(ctx: BackendContext, id: string): Kept {
  const known = kept.get(ctx.workspace);
  if (known?.id !== id) throw new FirebreakError('NOT_FOUND', { what: 'audit', name: id, known: known === undefined ? [] : [known.id] });
  return known;
}

const isUnsigned = ({ origin }: HostAudit): boolean => origin?.isSigned === false;

function summarize({ id, audit, madeAtMs }: Kept): OfflineSummary {
  const groups = groupFindings(audit.findings);
  const unsigned = new Set(audit.hosts.filter(isUnsigned).map(({ name }) => name));
  const blind = groupBlindSpots(audit.hosts);
  return {
    id,
    madeAtMs,
    figures: sumAudit(audit),
    limits: audit.limits,
    unread: audit.unread.slice(0, MAX_GROUPS),
    unreadTotal: audit.unread.length,
    logs: audit.logs,
    hosts: audit.hosts.map(toRow),
    findings: OFFLINE_CODES.flatMap((code) => {
      const own = groups.filter((group) => group.code === code);
      if (own.length === 0) return [];
      const shown = own.slice(0, MAX_GROUPS).map(({ subject, sentence, hosts, connections }) => ({ subject, sentence, hosts: hosts.slice(0, MAX_HOSTS_NAMED), hostCount: hosts.length, unsigned: hosts.filter((host) => unsigned.has(host)).length, connections }));
      return [{ code, total: own.length, groups: shown }];
    }),
    blindSpots: blind.slice(0, MAX_GROUPS).map((spot) => ({ ...spot, hosts: spot.hosts.length })),
    blindTotal: blind.length,
  };
}

const toRow = (host: HostAudit): OfflineHostRow => ({
  name: host.name,
  addresses: host.addresses,
  origin: host.origin,
  files: host.files.length,
  rules: host.files.reduce((sum, { rules }) => sum + rules, 0),
  exactRules: host.files.reduce((sum, { exactRules }) => sum + exactRules, 0),
  admitted: host.admits?.length ?? null,
  openToAll: host.admits?.filter(({ isWorld, isSure }) => isWorld && isSure).length ?? null,
  listening: host.listening?.filter(({ reach }) => reach !== 'local').length ?? null,
  blindSpots: host.blindSpots.length + host.moreBlindSpots,
  flows: host.flows,
});

/** @throws NOT_FOUND for another audit than the newest, or a host that is not in it */
export function showOfflineHost(ctx: BackendContext, { id, name }: { id: string; name: string }): OfflineHostDetail {
  const { audit } = getKept(ctx, id);
  const found = audit.hosts.find((host) => host.name === name);
  if (found === undefined) throw new FirebreakError('NOT_FOUND', { what: 'host', name, known: [] });
  const { admits, ...host } = found;
  return {
    host,
    admits: admits?.slice(0, MAX_ADMITS) ?? null,
    moreAdmits: Math.max(0, (admits?.length ?? 0) - MAX_ADMITS),
    findings: audit.findings.filter((finding) => finding.host === name).slice(0, MAX_FINDINGS).map(({ code, subject, sentence, connections }) => ({ code, subject, sentence, connections })),
  };
}

export function renderOffline(ctx: BackendContext, id: string): { html: string } {
  const { audit, madeAtMs } = getKept(ctx, id);
  return { html: renderOfflineReport(audit, { madeAtMs, madeBy: ctx.user }) };
}

export const tableOffline = (ctx: BackendContext, id: string): { files: { name: string; text: string }[] } => ({ files: makeOfflineTables(getKept(ctx, id).audit) });
