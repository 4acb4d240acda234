import type { AgentFacts } from '../../shared/contract/agent-replies.ts';
import { listPending, nextClaims, type PendingClaim } from '../../shared/labels/edit-labels.ts';
import { type LabelFacts, readLabelFacts } from '../../shared/labels/label-facts.ts';
import type { LabelHost } from '../../shared/labels/match-label-rule.ts';
import { compareLabels, printLabelChange } from '../../shared/labels/preview-labels.ts';
import type { HostId } from '../../shared/model/ids.ts';
import { appendAudit } from '../db/audit-store.ts';
import { findFacts, listHostStates } from '../db/host-state-store.ts';
import { listHosts } from '../db/host-store.ts';
import { loadLabelBook, saveHostClaims } from '../db/label-rule-store.ts';
import type { WriteDb } from '../db/sql.ts';
import type { BackendContext } from './backend-context.ts';
import { readPassages } from './bypasses.ts';
import { listDiscoveredAddresses } from './host-addresses.ts';
import { toLabelHost } from './host-labels.ts';

const MAX_DETAIL_CHARS = 2_000;

/**
 * Stores which label rules the host fulfils by what it says now. That changes none of its labels; what would, once accepted, is one audit entry of the
 * actor `host:NAME`, and only when it was not waiting before.
 */
export function noteClaims(ctx: BackendContext, tx: WriteDb, id: HostId, facts: AgentFacts): void {
  const book = loadLabelBook(tx);
  if (book.rules.length === 0) return;
  const record = listHosts(tx).find((candidate) => candidate.id === id);
  if (record === undefined) return;
  const host = toLabelHost(record);
  const after = { rules: book.rules, claims: nextClaims(book, { ...host, said: toLabelFacts(facts) }) };
  saveHostClaims(tx, id, after.claims);
  const known = new Set(listPending(book, [host]).map(nameOf));
  const news = listPending(after, [host]).filter((pending) => !known.has(nameOf(pending)));
  if (news.length === 0) return;
  const numbers = new Map(book.rules.map((rule, i) => [rule.id, i + 1]));
  const detail = news.map((pending) => `label rule ${numbers.get(pending.claim.rule) ?? 0}: ${describePending(record.name, pending)}`).join('; ');
  appendAudit(tx, { atMs: ctx.nowMs(), actor: `host:${record.name}`, action: 'labelRules.claim', subject: record.name, detail: detail.slice(0, MAX_DETAIL_CHARS) });
}

const nameOf = ({ claim }: PendingClaim): string => `${claim.rule} ${claim.holds}`;

/** `+role=db waits to be accepted, because it says that it listens on tcp/5432`. */
export function describePending(hostName: string, { claim, before, after }: PendingClaim): string {
  const changes = compareLabels(hostName, before.labels, after.labels).map(printLabelChange).join(' ');
  return `${changes} waits to be accepted, because ${claim.holds ? claim.because : `it is no longer so that ${claim.because}`}`;
}

const toLabelFacts = (facts: AgentFacts): LabelFacts => readLabelFacts(facts, { publishes: readPassages(facts).published, addresses: listDiscoveredAddresses(facts) });

type Known = Map<HostId, { factsAtMs: number; said: LabelFacts }>;
const readFacts = new WeakMap<BackendContext['workspace'], Known>();

/** All hosts with what they last said. Facts are large, and a preview asks at each key: what was read of them is kept until a host says something new. */
export function readLabelHosts(ctx: BackendContext): LabelHost[] {
  const { read } = ctx.workspace;
  const known: Known = readFacts.get(ctx.workspace) ?? new Map();
  const factsAt = new Map(listHostStates(read).map((state) => [state.host, state.factsAtMs]));
  const hosts = listHosts(read);
  const now: Known = new Map();
  for (const { id } of hosts) {
    const factsAtMs = factsAt.get(id) ?? null;
    if (factsAtMs === null) continue;
    const former = known.get(id);
    const facts = former?.factsAtMs === factsAtMs ? null : findFacts(read, id);
    if (facts !== null) now.set(id, { factsAtMs, said: toLabelFacts(facts) });
    else if (former !== undefined) now.set(id, former);
  }
  readFacts.set(ctx.workspace, now);
  return hosts.map((host) => ({ ...toLabelHost(host), said: now.get(host.id)?.said ?? null }));
}
