import { create } from 'zustand';
import type { PerHost } from '../../shared/contract/contract.ts';
import type { ErrorText } from '../../shared/error-text.ts';
import { errorSentence } from './error-sentence.ts';

/** A command that takes a while and that this window started, over hosts or not: install, collect, export … It goes on when the person looks at another screen. */
export type Task = {
  readonly id: number;
  readonly title: string;
  readonly state: 'running' | 'done' | 'failed' | 'stopped';
  readonly text: string;
  readonly done: number;
  readonly total: number;
  readonly hosts: readonly PerHost[];
  readonly error: ErrorText | null;
  /** Stops it; null for what must not end half done. */
  readonly stop: (() => void) | null;
  /** Opens its result, or its progress, where it has more to show than fits a line. */
  readonly show: (() => void) | null;
};

type TaskOptions = { readonly stop?: AbortController; readonly show?: () => void };

export type ProgressEvent = { type: 'progress'; hostName: string | null; text: string; done: number; total: number } | { type: 'done'; result: { hosts: PerHost[]; /** Of a command that is not over hosts: what came of it. */ text?: string } };
type TaskState = { readonly tasks: readonly Task[]; readonly dismiss: (id: number) => void };

export const useTasks = create<TaskState>()((set) => ({
  tasks: [],
  dismiss: (id) => set((state) => ({ tasks: state.tasks.filter((task) => task.id !== id) })),
}));

let lastTaskId = 0;

function change(id: number, fields: Partial<Task>): void {
  useTasks.setState((state) => ({ tasks: state.tasks.map((task) => (task.id === id ? { ...task, ...fields } : task)) }));
}

/** Starts a command, shows its progress in the task tray, and resolves with what each host answered ([] when the command itself failed). Never rejects. */
export async function runTask(title: string, start: () => Promise<AsyncIterable<ProgressEvent>>, { stop, show }: TaskOptions = {}): Promise<readonly PerHost[]> {
  lastTaskId += 1;
  const id = lastTaskId;
  const task: Task = { id, title, state: 'running', text: 'starting', done: 0, total: 0, hosts: [], error: null, stop: stop === undefined ? null : () => stop.abort(), show: show ?? null };
  useTasks.setState((state) => ({ tasks: [...state.tasks, task] }));
  try {
    for await (const event of await start()) {
      if (event.type === 'done') {
        const failed = event.result.hosts.some((host) => !host.ok);
        change(id, { state: failed ? 'failed' : 'done', hosts: event.result.hosts, text: event.result.text ?? '' });
        return event.result.hosts;
      }
      change(id, { text: event.hostName === null ? event.text : `${event.hostName}: ${event.text}`, done: event.done, total: event.total });
    }
    change(id, {
      state: 'failed',
      error: { title: 'The backend ended the command without a result.', hint: 'Look at the hosts’ states, then start it again.' },
    });
  } catch (error) {
    change(id, stop?.signal.aborted === true ? { state: 'stopped' } : { state: 'failed', error: errorSentence(error) });
  }
  return [];
}
