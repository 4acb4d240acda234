import PQueue from 'p-queue';
import type { PerHost } from '../../shared/contract/contract.ts';
import { isFirebreakError } from '../../shared/errors.ts';
import type { HostRecord } from '../db/host-store.ts';
import type { BackendContext } from './backend-context.ts';
import { describeFailure, recordFailure } from './agent-record.ts';

export const PARALLEL_HOSTS = 16;

export type ManyHosts = { hosts: PerHost[] };
export type ProgressEvent = { type: 'progress'; hostName: string | null; text: string; done: number; total: number } | { type: 'done'; result: ManyHosts };

/** Work on one host; gives one line for people. `say` tells what it is doing just now. */
export type HostWork = (host: HostRecord, say: (text: string) => void) => Promise<string>;

/**
 * Does the work on every host, a bounded number at a time. One that fails never stops the others; its failure is stored with it.
 * Gives progress and at last the results in the order of `hosts`. When the watcher leaves, `stop` fires and the work under way is aborted.
 */
export async function* overHosts(ctx: BackendContext, hosts: readonly HostRecord[], work: HostWork, stop: AbortController): AsyncGenerator<ProgressEvent, void, void> {
  const events: ProgressEvent[] = [];
  let wake = () => {};
  let done = 0;
  const say = (host: HostRecord, text: string) => {
    events.push({ type: 'progress', hostName: host.name, text, done, total: hosts.length });
    wake();
  };
  const queue = new PQueue({ concurrency: PARALLEL_HOSTS });
  const all = Promise.all(
    hosts.map((host) =>
      queue.add(async () => {
        const result = await workOn(ctx, host, work, (text) => say(host, text));
        done += 1;
        say(host, result.ok ? result.text : (result.error?.title ?? result.text));
        return result;
      }),
    ),
  ).then((results) => {
    events.push({ type: 'done', result: { hosts: results } });
    wake();
  });
  // A rejection is a defect of ours (the workspace cannot be written); it ends the stream below.
  const broken: unknown[] = [];
  all.catch((error: unknown) => {
    broken.push(error);
    wake();
  });
  try {
    for (;;) {
      const event = events.shift();
      if (event !== undefined) yield event;
      else if (broken.length > 0) throw broken[0];
      else await new Promise<void>((resolve) => (wake = resolve));
      if (event?.type === 'done') return;
    }
  } finally {
    stop.abort();
  }
}

async function workOn(ctx: BackendContext, host: HostRecord, work: HostWork, say: (text: string) => void): Promise<PerHost> {
  try {
    return { hostName: host.name, ok: true, text: await work(host, say), error: null };
  } catch (error) {
    // What was stopped on purpose says nothing about the host.
    const failure = isFirebreakError(error, 'ABORTED') ? describeFailure(error) : recordFailure(ctx, host.id, error);
    return { hostName: host.name, ok: false, text: failure.title, error: failure };
  }
}
