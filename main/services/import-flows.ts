import { basename, isAbsolute } from 'node:path';
import type { FlowImportInput, FlowImportResult, ImportedConversation } from '../../shared/contract/flow-imports.ts';
import { FirebreakError } from '../../shared/errors.ts';
import { type FlowSource, IMPORT_FORMAT_WORDS, type ImportFigures } from '../../shared/model/flow-source.ts';
import { countText } from '../../shared/text/amount-text.ts';
import { inert } from '../../shared/text/inert.ts';
import { findCollection } from '../db/collection-store.ts';
import { deleteFlowSource, findFlowSource, findFlowSourceByHash, insertFlowSource, insertImportedFlow, listFlowSources } from '../db/flow-source-store.ts';
import { findFacts } from '../db/host-state-store.ts';
import type { Conversation, ConversationBook } from '../imports/conversation-book.ts';
import type { IsListening } from '../imports/infer-service.ts';
import { hashLog, openLog } from '../imports/log-file.ts';
import { readFlowLog } from '../imports/read-flow-log.ts';
import type { BackendContext } from './backend-context.ts';
import { removeCollection } from './bundle-list.ts';
import { readCompiledDraft } from './draft-compiled.ts';
import { createFlowNames, type FlowNames, peerNameOf } from './flow-names.ts';
import { recordChange } from './record-change.ts';
import { resolveTyped } from './workspace-paths.ts';

type ImportEvent = { type: 'progress'; hostName: null; text: string; done: number; total: number } | { type: 'done'; result: FlowImportResult };

const TOP = 20;
const PROGRESS_EVENTS = 100;
const PROGRESS_BYTES = 16 * 1_048_576;

/**
 * Reads a log and stores what it says as one source, at the end and in one transaction: who leaves or aborts before leaves nothing. Progress is in bytes of the file.
 * @throws SOURCE_KNOWN (not in a dry run) · FILE_NOT_READABLE · INPUT_INVALID where the format cannot be told · ABORTED
 */
export async function* importFlows(ctx: BackendContext, typed: FlowImportInput, signal?: AbortSignal): AsyncGenerator<ImportEvent, void, void> {
  const input = typed.path.startsWith('~/') ? { ...typed, path: resolveTyped(typed.path, ctx.workspace.path) } : typed;
  if (!isAbsolute(input.path)) throw new FirebreakError('INPUT_INVALID', { issues: [{ path: 'path', message: `“${input.path}” is no absolute path; begin it with / or ~/` }] });
  const log = await openLog(input.path);
  const say = (text: string, done: number): ImportEvent => ({ type: 'progress', hostName: null, text, done, total: log.bytes });
  yield say('looking whether it was imported before', 0);
  const sha256 = await hashLog(log, signal);
  const known = findFlowSourceByHash(ctx.workspace.read, sha256) ?? null;
  if (!input.dryRun) assertNew(known, input.path);
  const stepBytes = Math.max(PROGRESS_BYTES, log.bytes / PROGRESS_EVENTS);
  let saidBytes = 0;
  for await (const event of readFlowLog(log, { format: input.format, nowMs: ctx.nowMs(), isListening: readListeners(ctx), signal })) {
    if (event.kind === 'done') {
      const figures = { ...event.figures, sha256 };
      const source = input.dryRun || figures.flows === 0 ? null : storeSource(ctx, input.path, figures, event.book);
      yield { type: 'done', result: { name: basename(input.path), source, known, figures, ...describe(ctx, event.book) } };
    } else if (event.readBytes - saidBytes >= stepBytes) {
      saidBytes = event.readBytes;
      yield say(`${countText(event.rows, 'row')} read`, event.readBytes);
    }
  }
}

export const listSources = (ctx: BackendContext): FlowSource[] => listFlowSources(ctx.workspace.read);

/** Takes a source out with all of its flows, and of a carried bundle all else that it brought; the file can then be imported again. @throws NOT_FOUND · STILL_USED */
export function removeSource(ctx: BackendContext, id: number): void {
  const source = findFlowSource(ctx.workspace.read, id);
  if (source === undefined) throw new FirebreakError('NOT_FOUND', { what: 'flow source', name: String(id), known: listSources(ctx).map((one) => `${one.id} (${inert(one.name)})`) });
  const collection = findCollection(ctx.workspace.read, { sourceId: id });
  if (collection !== undefined) {
    removeCollection(ctx, collection);
    return;
  }
  recordChange(ctx, { action: 'flows.removeSource', subject: inert(source.name), detail: `source ${id}, ${countText(source.figures.flows, 'flow')}`, groups: ['flows'] }, (tx) => deleteFlowSource(tx, id));
}

function assertNew(known: FlowSource | null, path: string): void {
  if (known !== null) throw new FirebreakError('SOURCE_KNOWN', { path, id: known.id, name: known.name, importedAtMs: known.importedAtMs });
}

function storeSource(ctx: BackendContext, path: string, figures: ImportFigures, book: ConversationBook): FlowSource {
  const name = basename(path);
  const source = { name, importedAtMs: ctx.nowMs(), importedBy: ctx.user, figures };
  const detail = `${IMPORT_FORMAT_WORDS[figures.format]}: ${countText(figures.flows, 'flow')} from ${figures.taken} of ${countText(figures.read, 'row')}; sha256 ${figures.sha256}`;
  const id = recordChange(ctx, { action: 'flows.importLog', subject: inert(name), detail, groups: ['flows'] }, (tx) => {
    // Reading takes minutes, in which somebody else may have imported the same file.
    assertNew(findFlowSourceByHash(tx, figures.sha256) ?? null, path);
    const made = insertFlowSource(tx, source);
    for (const conversation of book.conversations()) insertImportedFlow(tx, made, conversation);
    return made;
  });
  return { id, ...source };
}

/** What listens on which address by the last facts of each host; a listener on loopback is reached by nobody else. */
export function readListeners(ctx: BackendContext): IsListening {
  const listening = new Set<string>();
  for (const host of readCompiledDraft(ctx).fleet) {
    const facts = host.managed ? findFacts(ctx.workspace.read, host.id) : null;
    const open = (facts?.listening ?? []).filter(({ address }) => !address.startsWith('127.') && address !== '::1');
    for (const { protocol, port } of open) for (const address of host.addresses) listening.add(`${address} ${protocol.replace(/6$/, '')}/${port}`);
  }
  return listening.size === 0 ? () => false : (address, protocol, port) => listening.has(`${address} ${protocol}/${port}`);
}

function describe(ctx: BackendContext, book: ConversationBook): Pick<FlowImportResult, 'ends' | 'top'> {
  const names = createFlowNames(readCompiledDraft(ctx));
  const ends = { both: 0, one: 0, none: 0 };
  let top: Conversation[] = [];
  for (const one of book.conversations()) {
    const hosts = [one.consumer, one.provider].filter((address) => names.address(address).host !== null).length;
    ends[hosts === 2 ? 'both' : hosts === 1 ? 'one' : 'none'] += 1;
    if (top.length < TOP || one.connections > (top.at(-1)?.connections ?? 0)) top = [...top, one].toSorted((a, b) => b.connections - a.connections).slice(0, TOP);
  }
  return { ends, top: top.map((one) => toView(names, one)) };
}

function toView(names: FlowNames, { consumer, provider, protocol, port, verdict, basis, connections }: Conversation): ImportedConversation {
  const isHost = (address: string) => names.address(address).host !== null;
  return { from: peerNameOf(names, consumer), fromHost: isHost(consumer), to: peerNameOf(names, provider), toHost: isHost(provider), protocol, port, verdict, basis, connections };
}
