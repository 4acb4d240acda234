import { QueryClient } from '@tanstack/react-query';

/**
 * Network mode `always`: the backend is on this machine, and the default mode pauses while the OS reports offline.
 * Nothing is retried: a failure is shown with its sentence and a button. Data stays until `follow-changes.ts` says that it changed.
 */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { networkMode: 'always', retry: false, staleTime: Number.POSITIVE_INFINITY, refetchOnWindowFocus: false },
    mutations: { networkMode: 'always', retry: false },
  },
});
