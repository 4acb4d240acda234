import { create } from 'zustand';
import type { OfflineQuery, OfflineSummary } from '../../../shared/contract/offline.ts';
import { client } from '../../api/client.ts';

export type AuditRun =
  | { readonly state: 'idle' }
  | { readonly state: 'running'; readonly text: string; readonly done: number; readonly total: number }
  | { readonly state: 'failed'; readonly error: unknown }
  | { readonly state: 'stopped' };

type AuditState = {
  readonly query: OfflineQuery;
  readonly change: (fields: Partial<OfflineQuery>) => void;
  readonly run: AuditRun;
  /** Of the last audit that came to its end; null: none. */
  readonly summary: OfflineSummary | null;
  readonly start: () => Promise<void>;
  readonly stop: () => void;
};

let aborting = new AbortController();

/** What is to be audited, and the newest audit, outside of the screen: it goes on while another one is looked at. */
export const useAudit = create<AuditState>()((set, get) => ({
  query: { paths: [], logs: [], hostsPath: null, templatesPath: null, bundles: true },
  change: (fields) => set((state) => ({ query: { ...state.query, ...fields } })),
  run: { state: 'idle' },
  summary: null,
  stop: () => aborting.abort(),
  start: async () => {
    aborting.abort();
    const own = new AbortController();
    aborting = own;
    set({ run: { state: 'running', text: 'starting', done: 0, total: 0 } });
    try {
      for await (const event of await client.offline.audit(get().query, { signal: own.signal })) {
        if (event.type === 'done') set({ summary: event.result, run: { state: 'idle' } });
        else set({ run: { state: 'running', text: event.text, done: event.done, total: event.total } });
      }
    } catch (error) {
      if (aborting === own) set({ run: own.signal.aborted ? { state: 'stopped' } : { state: 'failed', error } });
    }
  },
}));
