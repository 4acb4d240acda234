import { useEffect, useRef, useState } from 'react';

export type StreamRun<Result> =
  | { readonly state: 'idle' }
  | { readonly state: 'running'; readonly text: string; readonly done: number; readonly total: number }
  | { readonly state: 'done'; readonly result: Result }
  | { readonly state: 'failed'; readonly error: unknown }
  | { readonly state: 'stopped' };

type StreamEvent<Result> = { readonly type: 'progress'; readonly text: string; readonly done: number; readonly total: number } | { readonly type: 'done'; readonly result: Result };
type Start<Result> = (signal: AbortSignal) => Promise<AsyncIterable<StreamEvent<Result>>>;

/** One command with progress at a time. Stopping it, and closing what shows it, aborts it in the backend. */
export function useStream<Result>(): { readonly run: StreamRun<Result>; readonly start: (begin: Start<Result>) => Promise<Result | null>; readonly stop: () => void; readonly again: () => void } {
  const [run, setRun] = useState<StreamRun<Result>>({ state: 'idle' });
  const current = useRef<AbortController | null>(null);
  useEffect(() => () => current.current?.abort(), []);
  const start = (begin: Start<Result>): Promise<Result | null> => {
    const aborting = new AbortController();
    current.current = aborting;
    setRun({ state: 'running', text: 'starting', done: 0, total: 0 });
    return follow(begin, aborting.signal, setRun);
  };
  return { run, start, stop: () => current.current?.abort(), again: () => setRun({ state: 'idle' }) };
}

/** Never rejects; null where there is no result. */
async function follow<Result>(begin: Start<Result>, signal: AbortSignal, show: (run: StreamRun<Result>) => void): Promise<Result | null> {
  try {
    for await (const event of await begin(signal)) {
      if (event.type === 'progress') show({ state: 'running', text: event.text, done: event.done, total: event.total });
      else {
        show({ state: 'done', result: event.result });
        return event.result;
      }
    }
    show({ state: 'failed', error: new Error('the backend ended the command without a result') });
  } catch (error) {
    show(signal.aborted ? { state: 'stopped' } : { state: 'failed', error });
  }
  return null;
}
