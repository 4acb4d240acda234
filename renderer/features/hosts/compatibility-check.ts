import { create } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { PerHost } from '../../../shared/contract/contract.ts';
import type { HostCompatibility } from '../../../shared/model/compatibility.ts';
import { type ProgressEvent, runTask } from '../../api/task-store.ts';
import { levelLook } from './compatibility-look.ts';

type Progress = Extract<ProgressEvent, { type: 'progress' }>;
type CheckEvent = Progress | { type: 'done'; result: { hosts: HostCompatibility[] } };

/** One check as far as it came. `hosts` in the order in which they were asked; `error` is what the command itself failed with. */
export type CheckRun = { readonly title: string; readonly stop: () => void } & (
  | { readonly state: 'running'; readonly progress: Progress | null }
  | { readonly state: 'done'; readonly hosts: readonly HostCompatibility[]; readonly takenAtMs: number }
  | { readonly state: 'failed'; readonly error: unknown }
  | { readonly state: 'stopped' }
);

/** The check whose dialog is open. It outlives the screen, and a check goes on when its dialog is closed. */
export const useShownCheck = create<{ readonly shown: StoreApi<CheckRun> | null }>()(() => ({ shown: null }));

export const closeCheck = (): void => useShownCheck.setState({ shown: null });

/** Opens the dialog of a new check, and shows the check in the task tray, from which the dialog can be opened again. Never rejects. */
export async function runCheck(title: string, start: (signal: AbortSignal) => Promise<AsyncIterable<CheckEvent>>): Promise<void> {
  const stop = new AbortController();
  const head = { title, stop: () => stop.abort() };
  const run = createStore<CheckRun>()(() => ({ ...head, state: 'running', progress: null }));
  const show = () => useShownCheck.setState({ shown: run });
  const set = (state: CheckRun) => run.setState(state, true);
  async function* follow(): AsyncGenerator<ProgressEvent, void, void> {
    try {
      for await (const event of await start(stop.signal)) {
        if (event.type === 'progress') {
          set({ ...head, state: 'running', progress: event });
          yield event;
          continue;
        }
        set({ ...head, state: 'done', hosts: event.result.hosts, takenAtMs: Date.now() });
        yield { type: 'done', result: { hosts: event.result.hosts.map(toLine) } };
      }
    } catch (error) {
      set(stop.signal.aborted ? { ...head, state: 'stopped' } : { ...head, state: 'failed', error });
      throw error;
    }
  }
  show();
  await runTask(title, () => Promise.resolve(follow()), { stop, show });
}

const toLine = ({ hostName, ok, level, error }: HostCompatibility): PerHost => ({ hostName, ok, text: levelLook(level).sentence, error });
