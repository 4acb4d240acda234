import { useMutation, useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import type { RecentWorkspace } from '../../../shared/contract/workspaces.ts';
import { bytesText } from '../../../shared/text/amount-text.ts';
import { api } from '../../api/client.ts';
import { loadAgain } from '../../api/load-again.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { QueryState } from '../../ui/StateBlocks.tsx';
import { TimeAgo } from '../../ui/TimeAgo.tsx';
import { folderOf, workspaceName } from '../../ui/workspace-name.ts';

/** Workspaces that this user's windows had open, newest first. */
export function RecentCard({ openPath }: { readonly openPath: string | null }) {
  const recent = useQuery({ ...api.workspace.recent.queryOptions({ input: {} }), staleTime: 0 });
  const open = useMutation(api.workspace.open.mutationOptions({ onSuccess: loadAgain }));
  const forget = useMutation(api.workspace.forget.mutationOptions({ onSuccess: () => void recent.refetch() }));
  const error = open.error ?? forget.error;
  return (
    <section className="card" aria-label="Recent workspaces">
      <div className="card-head">
        <h2 className="grow">Recent workspaces</h2>
      </div>
      {error === null ? null : (
        <div className="card-body">
          <ErrorNote error={error} />
        </div>
      )}
      <QueryState query={recent} what="recent workspaces">
        {(rows) => (
          <ul className="recent-list">
            {rows.map((row) => (
              <RecentRow key={row.path} row={row} isOpen={row.path === openPath} isBusy={open.isPending} onOpen={() => open.mutate({ path: row.path })} onForget={() => forget.mutate({ path: row.path })} />
            ))}
          </ul>
        )}
      </QueryState>
    </section>
  );
}

type RowProps = { readonly row: RecentWorkspace; readonly isOpen: boolean; readonly isBusy: boolean; readonly onOpen: () => void; readonly onForget: () => void };

function RecentRow({ row: { path, openedAtMs, bytes }, isOpen, isBusy, onOpen, onForget }: RowProps) {
  return (
    <li className="recent-row">
      <div className="grow">
        <p className="strong truncate">{workspaceName(path)}</p>
        <p className="muted small truncate" title={path}>
          {folderOf(path)}
        </p>
      </div>
      <span className="muted small number">{bytes === null ? 'not there any more' : bytesText(bytes)}</span>
      <span className="muted small recent-time">
        opened <TimeAgo atMs={openedAtMs} />
      </span>
      <div className="recent-actions">
        {isOpen ? <span className="badge">open now</span> : null}
        {isOpen || bytes === null ? null : (
          <Button small isDisabled={isBusy} onPress={onOpen} aria-label={`Open ${workspaceName(path)}`}>
            Open
          </Button>
        )}
        {isOpen ? null : <IconButton label={`Take ${workspaceName(path)} off this list`} icon={X} onPress={onForget} />}
      </div>
    </li>
  );
}
