import { useEffect, useRef, useState } from 'react';
import type { ProofOrder, ProofView } from '../../../shared/contract/reach-proofs.ts';
import { client } from '../../api/client.ts';

export type ProofRun =
  | { readonly state: 'idle' }
  | { readonly state: 'running'; readonly text: string; readonly done: number; readonly total: number }
  | { readonly state: 'done'; readonly result: ProofView }
  | { readonly state: 'failed'; readonly error: unknown }
  | { readonly state: 'stopped' };

/** One proof at a time. Stopping it, and closing what shows it, ends it on the hosts and stores nothing. */
export function useProof(): { readonly run: ProofRun; readonly start: (order: ProofOrder) => void; readonly stop: () => void; readonly again: () => void } {
  const [run, setRun] = useState<ProofRun>({ state: 'idle' });
  const current = useRef<AbortController | null>(null);
  useEffect(() => () => current.current?.abort(), []);
  const start = (order: ProofOrder) => {
    const aborting = new AbortController();
    current.current = aborting;
    setRun({ state: 'running', text: 'choosing what to try', done: 0, total: 0 });
    void follow(order, aborting.signal, setRun);
  };
  return { run, start, stop: () => current.current?.abort(), again: () => setRun({ state: 'idle' }) };
}

async function follow(order: ProofOrder, signal: AbortSignal, show: (run: ProofRun) => void): Promise<void> {
  try {
    for await (const event of await client.reach.prove(order, { signal })) {
      if (event.type === 'progress') show({ state: 'running', text: event.text, done: event.done, total: event.total });
      else show({ state: 'done', result: event.result });
    }
  } catch (error) {
    show(signal.aborted ? { state: 'stopped' } : { state: 'failed', error });
  }
}
