import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { DraftHistory, DraftStep } from '../../../shared/contract/draft-history.ts';
import { api, client } from '../../api/client.ts';

type Way = 'undo' | 'redo';
export type DraftSteps = {
  readonly history: DraftHistory | undefined;
  readonly step: (way: Way) => void;
  readonly isBusy: boolean;
  readonly error: Error | null;
  /** What the last press did, for the status line; '' before the first. */
  readonly said: string;
};

/** Fields have an undo of their own. */
const isTyping = (target: EventTarget | null): boolean => target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));

const wayOf = (event: KeyboardEvent): Way | null => {
  if (event.altKey || !(event.ctrlKey || event.metaKey)) return null;
  const key = event.key.toLowerCase();
  if (key === 'z') return event.shiftKey ? 'redo' : 'undo';
  return key === 'y' && !event.shiftKey ? 'redo' : null;
};

/** Undo and redo of the draft, by buttons and by Ctrl Z, Ctrl Shift Z and Ctrl Y anywhere but in a field or a dialog. */
export function useDraftSteps(): DraftSteps {
  const history = useQuery(api.policy.draftHistory.queryOptions({ input: {} }));
  const queries = useQueryClient();
  const [said, setSaid] = useState('');
  const run = useMutation({
    mutationFn: async ({ way, revision }: { readonly way: Way; readonly revision: number; readonly next: DraftStep }) => client.policy[way]({ revision }),
    onSuccess: (left, { way, next }) => {
      queries.setQueryData(api.policy.draftHistory.queryKey({ input: {} }), left);
      setSaid(`${way === 'undo' ? 'Undone' : 'Redone'}: ${next.text}`);
    },
  });
  const step = (way: Way) => {
    const next = history.data?.[way][0];
    if (history.data !== undefined && next !== undefined && !run.isPending) run.mutate({ way, revision: history.data.revision, next });
  };
  const latest = useRef(step);
  useEffect(() => {
    latest.current = step;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const way = wayOf(event);
      if (way === null || isTyping(event.target) || document.querySelector('[role=dialog],[role=alertdialog]') !== null) return;
      event.preventDefault();
      latest.current(way);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return { history: history.data, step, isBusy: run.isPending, error: run.error, said };
}
