import { setImmediate as letOthersIn } from 'node:timers/promises';
import { FIRST_PERIOD_MS, sinceOfPeriod } from '../../shared/contract/map-query.ts';
import type { MapEdge } from '../../shared/contract/views.ts';
import { listAppliedHeads } from '../db/bundle-store.ts';
import { hasMoreFlowsSince, iterateStoredFlows } from '../db/flow-query.ts';
import { listFlowSources } from '../db/flow-source-store.ts';
import type { ReadDb } from '../db/sql.ts';
import type { BackendContext } from './backend-context.ts';
import { type CompiledDraft, readCompiledDraft } from './draft-compiled.ts';
import { createFlowNames } from './flow-names.ts';
import { iterateAddedByImports } from './imported-flows.ts';
import { createEdgeBook } from './map-edges.ts';
import { findHubs, type Hubs } from './map-hubs.ts';
import { createMapJudge } from './map-judge.ts';
import { externalName } from './map-nodes.ts';
import { hostNodeId } from './map-tree.ts';
import { once } from './once.ts';

/** All that a picture is made of before it is filtered and grouped: every conversation since then, one edge a service, and who is a hub among them. */
export type FlatMap = { readonly compiled: CompiledDraft; readonly edges: readonly MapEdge[]; readonly nameOf: (nodeId: string) => string; readonly hubs: () => Hubs };

/** What a flat map is the answer to; the same as long as nothing was written and the draft means the same (rules expire, containments end). */
type Question = { readonly stamp: string; readonly compiled: CompiledDraft; readonly sinceMs: number | null };
type Kept = Question & { readonly flat: FlatMap };
/** One that is on its way: whoever cannot wait takes all the steps that are left. `step` gives the map once it is whole, else null; `leave` must be called by who does not want the rest. */
type Making = Question & { readonly step: () => FlatMap | null; readonly leave: () => void };
const keptMaps = new WeakMap<BackendContext['workspace'], Kept>();
const makings = new WeakMap<BackendContext['workspace'], Making>();

const isSame = (a: Question | undefined, b: Question): boolean => a?.stamp === b.stamp && a.compiled === b.compiled && a.sinceMs === b.sinceMs;

function ask(ctx: BackendContext, sinceMs: number | null): Question {
  const compiled = readCompiledDraft(ctx);
  return { stamp: ctx.workspace.changeStamp(), compiled, sinceMs };
}

/** Kept for the last period asked for, until anything is written or the draft means something else: opening a group or typing a filter reads neither fleet nor flows again. */
export function readFlatMap(ctx: BackendContext, sinceMs: number | null): FlatMap {
  const question = ask(ctx, sinceMs);
  const known = keptMaps.get(ctx.workspace);
  if (known !== undefined && isSame(known, question)) return known.flat;
  const making = makings.get(ctx.workspace);
  const { step } = making !== undefined && isSame(making, question) ? making : beginFlatMap(ctx, ctx.workspace.read, question);
  let flat = step();
  while (flat === null) flat = step();
  return keep(ctx, question, flat);
}

function keep(ctx: BackendContext, question: Question, flat: FlatMap): FlatMap {
  keptMaps.set(ctx.workspace, { ...question, flat });
  return flat;
}

/** Beyond so many flows a map is made when somebody asks for it. */
const MOST_PREPARED = 200_000;

/**
 * Makes the map of the period that one opens with before anybody asks for it, a little at a time between other calls, from a snapshot. Ends without one when another map is made or something is written meanwhile, and where there are too many flows to
 * be made for nobody. `signal` ends it.
 */
export async function prepareFlatMap(ctx: BackendContext, signal: AbortSignal): Promise<void> {
  const sinceMs = sinceOfPeriod(FIRST_PERIOD_MS, ctx.nowMs());
  if (hasMoreFlowsSince(ctx.workspace.read, sinceMs, MOST_PREPARED)) return;
  const question = ask(ctx, sinceMs);
  const snapshot = ctx.workspace.snapshot();
  const making = beginFlatMap(ctx, snapshot.read, question);
  makings.set(ctx.workspace, making);
  try {
    for (let flat = making.step(); ; flat = making.step()) {
      if (flat !== null) return void keep(ctx, question, flat).hubs();
      await letOthersIn();
      if (signal.aborted || ctx.workspace.changeStamp() !== question.stamp || keptMaps.has(ctx.workspace)) return;
    }
  } finally {
    makings.delete(ctx.workspace);
    making.leave();
    snapshot.close();
  }
}

function beginFlatMap(ctx: BackendContext, db: ReadDb, question: Question): Making {
  const steps = makeFlatMap(ctx, db, question);
  let flat: FlatMap | null = null;
  const step = (): FlatMap | null => {
    if (flat !== null) return flat;
    const { done, value } = steps.next();
    if (done !== true) return null;
    // A generator that threw, or was left, is done with nothing.
    if (value === undefined) throw new Error('this map was given up');
    flat = value;
    return flat;
  };
  // A statement that is left in the middle keeps its connection from being closed.
  return { ...question, step, leave: () => void steps.return(undefined) };
}

/** Flows that are judged in one step: some 5 ms. */
const FLOWS_A_STEP = 250;

function* makeFlatMap(ctx: BackendContext, db: ReadDb, { compiled, sinceMs }: Question): Generator<void, FlatMap | undefined, void> {
  const names = createFlowNames(compiled);
  const applied = listAppliedHeads(db);
  const book = createEdgeBook(createMapJudge(ctx, compiled, applied), names, applied);
  const filter = { sinceMs, untilMs: null, verdict: null, consumer: null, provider: null, text: null, textEnds: null };
  let read = 0;
  for (const flow of iterateStoredFlows(db, filter)) {
    book.add(flow);
    read += 1;
    if (read % FLOWS_A_STEP === 0) yield;
  }
  const sources = new Map(listFlowSources(db).map(({ id, name }) => [id, name]));
  for (const flow of iterateAddedByImports(db, names, sinceMs)) book.addImported(flow, sources.get(flow.source) ?? '');
  const edges = book.edges();
  const nameOf = createNameOf(compiled);
  return { compiled, edges, nameOf, hubs: once(() => findHubs(edges, compiled.fleet.length, nameOf)) };
}

function createNameOf(compiled: CompiledDraft): (nodeId: string) => string {
  const names = new Map(compiled.fleet.map((host) => [hostNodeId(host), host.name]));
  return (id) => names.get(id) ?? externalName(id);
}
