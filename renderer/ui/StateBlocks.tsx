import type { UseQueryResult } from '@tanstack/react-query';
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { hasCode } from '../api/error-sentence.ts';
import { Button } from './Button.tsx';
import { ErrorNote } from './ErrorNote.tsx';

type EmptyProps = { readonly icon: LucideIcon; readonly title: string; readonly children: ReactNode; readonly action?: ReactNode };

/** What a list shows when it has nothing, and what to do next. */
export function EmptyState({ icon: Icon, title, children, action }: EmptyProps) {
  return (
    <div className="state-block">
      <Icon size={28} strokeWidth={1.5} className="muted" aria-hidden />
      <h2>{title}</h2>
      <p>{children}</p>
      {action}
    </div>
  );
}

export function LoadingState({ what }: { readonly what: string }) {
  return (
    <div className="state-block" data-loading role="status">
      <div className="spinner" aria-hidden />
      <p>Loading {what} …</p>
    </div>
  );
}

type QueryStateProps<Data> = { readonly query: UseQueryResult<Data, Error>; readonly what: string; readonly children: (data: Data) => ReactNode };

type QueryFailureProps = { readonly query: { readonly error: Error | null; readonly refetch: () => unknown } };

/** What a query failed with, and a button to ask again, where a screen can go on without its data; nothing while it has not failed. */
export function QueryFailure({ query }: QueryFailureProps) {
  if (query.error === null) return null;
  return (
    <div className="stack tight">
      <ErrorNote error={query.error} />
      <div className="row">
        <Button small onPress={() => void query.refetch()}>
          Try again
        </Button>
      </div>
    </div>
  );
}

/** To what mends it, where asking again cannot; nothing for every other error. */
export function RestoreLink({ error }: { readonly error: unknown }) {
  if (!hasCode(error, 'WORKSPACE_DAMAGED')) return null;
  return (
    <a className="button primary" href="#/workspace?ask=restore">
      Restore a backup
    </a>
  );
}

/** Loading, failed, or the data: the one way in which screens show a query. Data that is there stays while it is refreshed. */
export function QueryState<Data>({ query, what, children }: QueryStateProps<Data>) {
  if (query.data !== undefined) return children(query.data);
  if (query.isPending) return <LoadingState what={what} />;
  return (
    <div className="state-block">
      <ErrorNote error={query.error} />
      <div className="row">
        <RestoreLink error={query.error} />
        <Button onPress={() => void query.refetch()}>Try again</Button>
      </div>
    </div>
  );
}
