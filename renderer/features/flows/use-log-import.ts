import { useEffect, useRef, useState } from 'react';
import type { FlowImportInput, FlowImportResult } from '../../../shared/contract/flow-imports.ts';
import { client } from '../../api/client.ts';

export type LogImport =
  | { readonly state: 'idle' }
  | { readonly state: 'running'; readonly text: string; readonly done: number; readonly total: number }
  | { readonly state: 'done'; readonly result: FlowImportResult; readonly isDryRun: boolean }
  | { readonly state: 'failed'; readonly error: unknown }
  | { readonly state: 'stopped' };

/** One reading of a log at a time. Stopping it, and closing what shows it, cancels it in the backend, which then has stored nothing. */
export function useLogImport(): { readonly run: LogImport; readonly start: (input: FlowImportInput) => void; readonly stop: () => void; readonly again: () => void } {
  const [run, setRun] = useState<LogImport>({ state: 'idle' });
  const current = useRef<AbortController | null>(null);
  useEffect(() => () => current.current?.abort(), []);
  const start = (input: FlowImportInput) => {
    const aborting = new AbortController();
    current.current = aborting;
    setRun({ state: 'running', text: 'starting', done: 0, total: 0 });
    void follow(input, aborting.signal, setRun);
  };
  return { run, start, stop: () => current.current?.abort(), again: () => setRun({ state: 'idle' }) };
}

async function follow(input: FlowImportInput, signal: AbortSignal, show: (run: LogImport) => void): Promise<void> {
  try {
    for await (const event of await client.flows.importLog(input, { signal })) {
      if (event.type === 'progress') show({ state: 'running', text: event.text, done: event.done, total: event.total });
      else show({ state: 'done', result: event.result, isDryRun: input.dryRun });
    }
  } catch (error) {
    show(signal.aborted ? { state: 'stopped' } : { state: 'failed', error });
  }
}
