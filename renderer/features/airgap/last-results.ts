import { create } from 'zustand';
import type { OutcomeLine } from './outcome-text.ts';

/** What the last import of bundles, or of receipts, came to, so that what was refused can still be read once its dialog is closed. Of this window alone. */
export type LastResult = { readonly title: string; readonly sum: string; readonly lines: readonly OutcomeLine[]; readonly atMs: number };

type State = { readonly last: LastResult | null; readonly show: (result: LastResult) => void; readonly dismiss: () => void };

export const useLastResult = create<State>()((set) => ({ last: null, show: (last) => set({ last }), dismiss: () => set({ last: null }) }));
