import { isAbsolute } from 'node:path';
import type { z } from 'zod';
import { AgentFacts, AgentSessions } from '../../shared/contract/agent-replies.ts';
import type { BundleOutcome } from '../../shared/contract/bundles.ts';
import { FirebreakError } from '../../shared/errors.ts';
import type { ImportFigures } from '../../shared/model/flow-source.ts';
import { inert } from '../../shared/text/inert.ts';
import { findCollection, insertCollection, listCollectionsOf, type RuleListing } from '../db/collection-store.ts';
import { findFlowSource, findFlowSourceByHash, insertFlowSource, insertImportedFlow } from '../db/flow-source-store.ts';
import type { WriteDb } from '../db/sql.ts';
import { machineOf, RULE_FILES } from '../imports/bundle/bundle-manifest.ts';
import { findBundles } from '../imports/bundle/find-bundles.ts';
import { type CollectionFlows, readCollectionFlows } from '../imports/bundle/read-collection-flows.ts';
import type { IsListening } from '../imports/infer-service.ts';
import type { BackendContext } from './backend-context.ts';
import { findFactsFault, findOrMakeHost, adoptCollection, withoutGuesses } from './bundle-host.ts';
import { openBundle, type OpenedBundle, parseJsonBytes } from './bundle-open.ts';
import { readListeners } from './import-flows.ts';
import { type Change, recordChange } from './record-change.ts';
import { resolveTyped } from './workspace-paths.ts';

type Event = { type: 'progress'; hostName: null; text: string; done: number; total: number } | { type: 'done'; result: { bundles: BundleOutcome[] } };

/**
 * Imports every bundle among `paths` (files, and folders of them), each in a transaction of its own: one that is refused changes nothing and stops no other.
 * `dryRun`: the same, and each transaction is taken back, so that what is foretold is what would happen to it alone.
 * @throws INPUT_INVALID for a path that is not absolute · ABORTED between two bundles
 */
export async function* importBundles(ctx: BackendContext, { paths, dryRun }: { paths: readonly string[]; dryRun: boolean }, signal?: AbortSignal): AsyncGenerator<Event, void, void> {
  const found = await findBundles(toAbsolute(ctx, paths));
  const bundles: BundleOutcome[] = found.refused.map(({ file, reason }) => ({ outcome: 'refused', file: inert(file), reason }));
  // Once: of the bundles themselves each has its own.
  const isListening = readListeners(ctx);
  for (const [done, file] of found.files.entries()) {
    if (signal?.aborted) throw new FirebreakError('ABORTED', { doing: 'importing bundles' });
    yield { type: 'progress', hostName: null, text: inert(file), done, total: found.files.length };
    bundles.push(await importOne(ctx, file, { isListening, dryRun }));
  }
  yield { type: 'done', result: { bundles } };
}

/** @throws INPUT_INVALID for what is neither absolute nor begins with `~/` */
export function toAbsolute(ctx: BackendContext, paths: readonly string[]): string[] {
  const issues = paths.flatMap((path, i) => (isAbsolute(path) || path.startsWith('~/') ? [] : [{ path: `paths.${i}`, message: `“${inert(path)}” is no absolute path; begin it with / or ~/` }]));
  if (issues.length > 0) throw new FirebreakError('INPUT_INVALID', { issues });
  return paths.map((path) => resolveTyped(path, ctx.workspace.path));
}

async function importOne(ctx: BackendContext, path: string, { isListening, dryRun }: { isListening: IsListening; dryRun: boolean }): Promise<BundleOutcome> {
  const file = inert(path);
  const opened = await openBundle(ctx.workspace.read, path, 'collection');
  if (!opened.ok) return { outcome: 'refused', file, reason: opened.reason };
  const { bundle } = opened;
  const known = findKnown(ctx.workspace.read, bundle);
  if (known !== null) return { outcome: 'known', file, reason: known };
  const said = readSaid(bundle);
  if (typeof said === 'string') return { outcome: 'refused', file, reason: said };
  return store(ctx, { file, dryRun }, { bundle, said, flows: readFlows(ctx, bundle, said, isListening) });
}

/** Where it was imported before. The same bundle in another packing is the same. */
function findKnown(db: BackendContext['workspace']['read'], { manifest, sha256 }: OpenedBundle): string | null {
  const former = findCollection(db, { bundleId: manifest.id });
  const source = former === undefined ? findFlowSourceByHash(db, sha256) : findFlowSource(db, former.sourceId);
  return source === undefined ? null : `it was imported before, on ${new Date(source.importedAtMs).toISOString()} (${source.name}); nothing was changed`;
}

type Said = { facts: AgentFacts; sessions: AgentSessions; conntrack: string; rules: RuleListing[] };

/** What the files say, or why they cannot be taken. */
function readSaid(bundle: OpenedBundle): Said | string {
  const facts = AgentFacts.safeParse(parseJsonBytes(bundle.bytesOf('facts.json')));
  if (!facts.success) return `facts.json in it is missing or not as a collector writes it (${describeIssue(facts.error)})`;
  const sessions = AgentSessions.safeParse(parseJsonBytes(bundle.bytesOf('sessions.json')));
  if (!sessions.success) return `sessions.json in it is missing or not as a collector writes it (${describeIssue(sessions.error)})`;
  const { hostname, machineId, root } = bundle.manifest;
  if (facts.data.hostname !== hostname || facts.data.machineId !== machineId) return 'its facts are of another host than its manifest';
  const rules = RULE_FILES.flatMap((name): RuleListing[] =>
    bundle.bytesOf(name) === null ? [] : [{ file: name, text: bundle.bytesOf(name)?.toString('utf8') ?? '' }],
  );
  return {
    facts: withoutGuesses(facts.data, root),
    sessions: sessions.data,
    conntrack: bundle.bytesOf('conntrack.txt')?.toString('latin1') ?? '',
    rules,
  };
}

const describeIssue = ({ issues }: z.ZodError): string => inert(`${issues[0]?.path.join('.') ?? ''}: ${issues[0]?.message ?? ''}`).slice(0, 200);

/** A clock that is ahead must not make what it tells newer than all that comes later. */
const collectedAt = (ctx: BackendContext, { manifest }: OpenedBundle): number => Math.min(manifest.clock * 1000, ctx.nowMs());

function store(ctx: BackendContext, { file, dryRun }: { file: string; dryRun: boolean }, { bundle, said, flows }: { bundle: OpenedBundle; said: Said; flows: CollectionFlows }): BundleOutcome {
  const { manifest, kit } = bundle;
  const saidAtMs = manifest.clock * 1000;
  const collectedAtMs = collectedAt(ctx, bundle);
  const figures: ImportFigures = { ...flows.figures, sha256: bundle.sha256, bytes: bundle.bytes };
  const name = `${inert(manifest.hostname).slice(0, 60)} ${new Date(collectedAtMs).toISOString().slice(0, 16)}Z${kit === null ? ' (UNSIGNED bundle)' : ` (bundle of ${kit})`}`;
  const absences = manifest.absences.map(({ kind, name: why }) => inert(`${kind}: ${why}`));
  const { sessions, total, truncated } = said.sessions;
  const notes = [
    ...(saidAtMs > ctx.nowMs() ? [`its clock is ahead of this console’s (${new Date(saidAtMs).toISOString()}); the time of the import was taken`] : []),
    ...(truncated ? [`${sessions.length} of ${total} live connections are in it`] : []),
  ];
  const detail = `${kit === null ? 'UNSIGNED' : `signed with ${kit}`}, made ${new Date(saidAtMs).toISOString()}, sha256 ${bundle.sha256}`;
  const change = { action: 'bundles.import', subject: inert(manifest.hostname), detail, groups: ['hosts', 'policy', 'flows'] as const };
  return (dryRun ? foretell : recordChange)(ctx, change, (tx) => {
    // Reading took a while, in which somebody else may have imported the same.
    const known = findKnown(tx, bundle);
    if (known !== null) return { outcome: 'known', file, reason: known };
    const { host, isNew, note } = findOrMakeHost(ctx, tx, manifest, { kit, facts: said.facts });
    if (note !== null) notes.push(note);
    const used = listCollectionsOf(tx, host.id).find(({ usesFacts }) => usesFacts);
    const sourceId = storeFlows(ctx, tx, name, figures, flows);
    const id = insertCollection(tx, {
      sourceId,
      host: host.id,
      bundleId: manifest.id,
      machine: machineOf(manifest),
      kit,
      collectedAtMs,
      usesFacts: false,
      absences,
      facts: said.facts,
      rules: said.rules,
    });
    const fault = findFactsFault(host, used, { kit, collectedAtMs });
    if (fault !== null) notes.push(fault);
    else notes.push(...adoptCollection(ctx, tx, host, { id, kit, collectedAtMs }));
    return {
      outcome: 'imported',
      file,
      id,
      host: host.name,
      isNewHost: isNew,
      kit,
      collectedAtMs,
      flows: figures.flows,
      listening: said.facts.listening.length,
      absences,
      notes,
    };
  });
}

class Foretold extends Error {
  readonly outcome: BundleOutcome;
  constructor(outcome: BundleOutcome) {
    super('taken back');
    this.outcome = outcome;
  }
}

/** What the work would do: it is done, and taken back. */
function foretell(ctx: BackendContext, _change: Change, work: (tx: WriteDb) => BundleOutcome): BundleOutcome {
  try {
    return ctx.workspace.transaction((tx) => {
      throw new Foretold(work(tx));
    });
  } catch (error) {
    if (error instanceof Foretold) return error.outcome;
    throw error;
  }
}

function readFlows(ctx: BackendContext, bundle: OpenedBundle, { facts, sessions, conntrack }: Said, isKnown: IsListening): CollectionFlows {
  const own = new Set(facts.listening.map(({ protocol, port }) => `${protocol.replace(/6$/, '')}/${port}`));
  const addresses = new Set(facts.addresses.map(({ address }) => address));
  return readCollectionFlows({
    sessions: sessions.sessions,
    conntrack,
    atMs: collectedAt(ctx, bundle),
    nowMs: ctx.nowMs(),
    isListening: (address, protocol, port) => (addresses.has(address) && own.has(`${protocol}/${port}`)) || isKnown(address, protocol, port),
  });
}

function storeFlows(ctx: BackendContext, tx: WriteDb, name: string, figures: ImportFigures, { book }: CollectionFlows): number {
  const sourceId = insertFlowSource(tx, { name, importedAtMs: ctx.nowMs(), importedBy: ctx.user, figures });
  for (const conversation of book.conversations()) insertImportedFlow(tx, sourceId, conversation);
  return sourceId;
}
