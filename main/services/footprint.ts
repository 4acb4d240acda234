import { AgentRun, AgentStored } from '../../shared/contract/agent-replies.ts';
import type { AgentStatus } from '../../shared/contract/agent-replies.ts';
import type { FootprintSummary, HostFootprint, HostRun } from '../../shared/contract/host-evidence.ts';
import type { HostId } from '../../shared/model/ids.ts';
import { loadAlertSettings } from '../db/alert-settings-store.ts';
import { addRuns, deleteFootprint, deleteRuns, findFootprint, lastRunSeq, listRuns, saveSummary } from '../db/footprint-store.ts';
import type { ResolvedTarget } from '../ssh/ssh-target.ts';
import { createAgentClient } from './agent-client.ts';
import type { AgentCall } from './agent-command.ts';
import { noteFootprint } from './alert-footprint.ts';
import type { BackendContext } from './backend-context.ts';
import { getHost } from './find-host.ts';
import { recordObservation } from './record-change.ts';

const DAY_MS = 86_400_000;
const SHOWN_RUNS = 20;
/** What a host keeps at most, with room; more at once is made up. */
const MAX_A_FETCH = 1024;
const HOUR_MS = 3_600_000;
/** Runs of this visit, and of others at the same time, after the status was read. */
const LATER_RUNS = 64;
/** What `footprint --after` takes: 14 digits. */
const MAX_SEQ = 99_999_999_999_999;

/** @throws NOT_FOUND */
export function readFootprint(ctx: BackendContext, name: string): HostFootprint {
  const host = getHost(ctx, name);
  const { cpuPercent, addedLatencyMs, storedMegabytes } = loadAlertSettings(ctx.workspace.read);
  return { ...findFootprint(ctx.workspace.read, host.id), recent: listRuns(ctx.workspace.read, host.id, SHOWN_RUNS), limits: { cpuPercent, addedLatencyMs, storedMegabytes } };
}

/** Fetches the runs that are not stored yet, and stores them with what they add up to. An agent that does not measure itself is left alone. */
export async function collectFootprint(ctx: BackendContext, host: HostId, target: ResolvedTarget, status: AgentStatus, call: AgentCall): Promise<void> {
  if (status.footprintSeq === undefined) return;
  const lastSeq = lastSeqOf(status);
  // It counts from the beginning again: its clock went back over a restart, or one line said more than its status does.
  if (lastRunSeq(ctx.workspace.read, host) > lastSeq) ctx.workspace.transaction((tx) => deleteRuns(tx, host));
  storeFootprint(ctx, host, await createAgentClient(ctx.sshPool).footprint(target, lastRunSeq(ctx.workspace.read, host), call), lastSeq);
}

/** The highest number that a run of this visit can have. Without a run since its start the host begins at its clock. Pure. */
export const lastSeqOf = ({ footprintSeq, clock }: Pick<AgentStatus, 'footprintSeq' | 'clock'>): number => Math.min((footprintSeq ?? Math.trunc(clock)) + LATER_RUNS, MAX_SEQ);

/** What `footprint` printed; lines that are not understood, or numbered above `lastSeq` (one could be the cursor for ever), are passed over. */
export function storeFootprint(ctx: BackendContext, host: HostId, lines: readonly string[], lastSeq = MAX_SEQ): void {
  const documents = lines.slice(0, MAX_A_FETCH).map(parseJson);
  const runs = documents.map((document) => AgentRun.safeParse(document)).flatMap((parsed) => (parsed.success && parsed.data.seq <= lastSeq ? [toRun(parsed.data)] : []));
  const stored = documents.map((document) => AgentStored.safeParse(document)).flatMap((parsed) => (parsed.success ? [parsed.data.storedBytes] : []));
  recordObservation(ctx, ['hosts'], (tx) => {
    addRuns(tx, host, runs);
    const summary = summarise(listRuns(tx, host, MAX_A_FETCH), stored.at(-1) ?? findFootprint(tx, host).summary?.storedBytes ?? 0);
    if (summary !== null) saveSummary(tx, host, summary);
    noteFootprint(ctx, tx, host);
  });
}

/** A fresh install, or no agent any more. */
export function forgetFootprint(ctx: BackendContext, host: HostId): void {
  ctx.workspace.transaction((tx) => deleteFootprint(tx, host));
}

/** The day before the last of `runs` (newest first, as the host numbers them); null without any. Pure. */
export function summarise(runs: readonly HostRun[], storedBytes: number): FootprintSummary | null {
  const last = runs[0];
  if (last === undefined) return null;
  const ofDay = runs.filter((run) => run.atMs > last.atMs - DAY_MS && run.atMs <= last.atMs);
  const coveredMs = Math.min(DAY_MS, Math.max(0, last.atMs - Math.min(...runs.map((run) => run.atMs))));
  const cpuMs = sum(ofDay.map((run) => run.cpuMs));
  const commands = new Map<string, HostRun[]>();
  for (const run of ofDay) commands.set(run.command, [...(commands.get(run.command) ?? []), run]);
  return {
    lastRunAtMs: last.atMs,
    coveredMs,
    runs: ofDay.length,
    cpuMs,
    // A fresh host's first runs come close together: less than an hour says nothing about a day.
    cpuPercent: (cpuMs / Math.max(coveredMs, HOUR_MS)) * 100,
    peakBytes: largest(ofDay.map((run) => run.peakBytes)),
    sentBytes: sum(ofDay.map((run) => run.sentBytes ?? 0)),
    storedBytes,
    commands: [...commands]
      .map(([command, of]) => ({ command, runs: of.length, cpuMs: sum(of.map((run) => run.cpuMs)), maxCpuMs: Math.max(...of.map((run) => run.cpuMs)), peakBytes: largest(of.map((run) => run.peakBytes)) }))
      .toSorted((a, b) => b.cpuMs - a.cpuMs || (a.command < b.command ? -1 : 1)),
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

function largest(numbers: readonly (number | null)[]): number | null {
  const known = numbers.filter((number) => number !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/** A host's clock may say anything: 8.64e15 ms is as far as a Date goes (ECMA-262, 21.4.1.1). */
const toRun = ({ seq, at, command, exit, cpuMs, wallMs, peakBytes, sentBytes }: AgentRun): HostRun => ({
  seq, atMs: Math.min(Math.max(at * 1000, 0), 8.64e15), command, exitCode: exit, cpuMs, wallMs, peakBytes, sentBytes,
});

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // Same as JSON of another shape: passed over.
    return null;
  }
}
