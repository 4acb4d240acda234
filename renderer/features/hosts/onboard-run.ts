import { create } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { PerHost } from '../../../shared/contract/contract.ts';
import type { OnboardedHost } from '../../../shared/contract/onboarding.ts';
import { client } from '../../api/client.ts';
import { type ProgressEvent, runTask } from '../../api/task-store.ts';
import { goOn, type UnderWay } from './onboard-progress.ts';

/** One onboarding as far as it came. `stop` begins no further host; what is under way is brought to its end, and then it is done. `error` is what the command itself failed with. */
export type OnboardRun = { readonly title: string; readonly stop: () => void } & (
  | { readonly state: 'running'; readonly done: number; readonly total: number; readonly underWay: UnderWay; readonly isStopping: boolean }
  | { readonly state: 'done'; readonly hosts: readonly OnboardedHost[] }
  | { readonly state: 'failed'; readonly error: unknown }
);

/** The onboarding whose dialog is open. It outlives the screen, and goes on when its dialog is closed. */
export const useShownOnboarding = create<{ readonly shown: StoreApi<OnboardRun> | null }>()(() => ({ shown: null }));

export const closeOnboarding = (): void => useShownOnboarding.setState({ shown: null });

/** Opens the dialog of a new onboarding, and shows it in the task tray, from which the dialog can be opened again. `names` must not be empty. Never rejects. */
export async function runOnboarding(names: readonly string[]): Promise<void> {
  const title = `Onboard ${names.length === 1 ? (names[0] ?? '') : `${names.length} hosts`}`;
  const run = crypto.randomUUID();
  const stopping = new AbortController();
  const head = { title, stop: () => stopping.abort() };
  const store = createStore<OnboardRun>()(() => ({ ...head, state: 'running', done: 0, total: names.length, underWay: new Map(), isStopping: false }));
  stopping.signal.addEventListener('abort', () => {
    store.setState((now) => (now.state === 'running' ? { ...now, isStopping: true } : now));
    // What it fails with, the stream fails with, too.
    void client.agents.stopOnboarding({ run }).catch(() => undefined);
  });
  async function* follow(): AsyncGenerator<ProgressEvent, void, void> {
    try {
      for await (const event of await client.agents.onboard({ hosts: { kind: 'names', names: [...names] }, run })) {
        if (event.type === 'progress') {
          store.setState((now) => (now.state === 'running' ? { ...now, ...goOn(now, event) } : now));
          yield event;
          continue;
        }
        store.setState({ ...head, state: 'done', hosts: event.result.hosts }, true);
        yield { type: 'done', result: { hosts: event.result.hosts.map(toLine) } };
      }
    } catch (error) {
      store.setState({ ...head, state: 'failed', error }, true);
      throw error;
    }
  }
  const show = () => useShownOnboarding.setState({ shown: store });
  show();
  await runTask(title, () => Promise.resolve(follow()), { stop: stopping, show });
}

const toLine = ({ hostName, ok, text, error }: OnboardedHost): PerHost => ({ hostName, ok, text, error });
