import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Compass, FilePlus, FolderOpen, History } from 'lucide-react';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { PageHead } from '../../ui/PageHead.tsx';
import { QueryState } from '../../ui/StateBlocks.tsx';
import { workspaceName } from '../../ui/workspace-name.ts';
import { DuplicateDialog, NewWorkspaceDialog } from './NameFileDialog.tsx';
import { OpenFileDialog } from './OpenFileDialog.tsx';
import { RecentCard } from './RecentCard.tsx';
import { RestoreDialog } from './RestoreDialog.tsx';
import { ThisWorkspaceCard } from './ThisWorkspaceCard.tsx';
import type { WorkspaceDialog } from './workspace-dialog.ts';

/** The workspace file: what it is, copies of it, going back to one, and other workspaces. */
export function WorkspaceScreen() {
  const info = useQuery({ ...api.workspace.info.queryOptions({ input: {} }), refetchOnMount: 'always' });
  const search = useSearch({ from: '/workspace' });
  const navigate = useNavigate();
  const [asked, setAsked] = useState<WorkspaceDialog>(null);
  const [madeAt, setMadeAt] = useState<string | null>(null);
  const dialog = asked ?? search.ask ?? null;
  const openPath = info.data?.path ?? null;
  const close = () => {
    setAsked(null);
    void navigate({ to: '/workspace', search: {}, replace: true });
  };
  return (
    <div className="page">
      <PageHead title="Workspace" detail={info.data === undefined ? '' : workspaceName(info.data.path)}>
        <Button kind="quiet" icon={Compass} onPress={() => void navigate({ to: '/welcome' })}>
          Welcome
        </Button>
        <Button icon={FolderOpen} onPress={() => setAsked('open')}>
          Open
        </Button>
        <Button icon={FilePlus} onPress={() => setAsked('new')} data-page-add>
          New
        </Button>
      </PageHead>
      <div className="page-body stack workspace-page">
        {info.data === undefined && info.isError ? (
          <Unreadable error={info.error} onAgain={() => void info.refetch()} onRestore={() => setAsked('restore')} />
        ) : (
          <QueryState query={info} what="the workspace">
            {(known) => <ThisWorkspaceCard info={known} madeAt={madeAt} ask={setAsked} refresh={() => void info.refetch()} />}
          </QueryState>
        )}
        <RecentCard openPath={openPath} />
      </div>
      {dialog === 'new' ? <NewWorkspaceDialog openPath={openPath} onClose={close} /> : null}
      {dialog === 'open' ? <OpenFileDialog onClose={close} /> : null}
      {dialog === 'restore' ? <RestoreDialog onClose={close} /> : null}
      {dialog === 'duplicate' && openPath !== null ? (
        <DuplicateDialog
          openPath={openPath}
          onClose={close}
          onMade={(path) => {
            setMadeAt(path);
            close();
          }}
        />
      ) : null}
    </div>
  );
}

type UnreadableProps = { readonly error: Error | null; readonly onAgain: () => void; readonly onRestore: () => void };

/** The open file cannot be read: what leads out of that is here. */
function Unreadable({ error, onAgain, onRestore }: UnreadableProps) {
  return (
    <section className="card" aria-label="This workspace">
      <div className="card-head">
        <h2 className="grow">This workspace</h2>
      </div>
      <div className="card-body stack">
        <ErrorNote error={error} />
        <div className="row wrap">
          <Button icon={History} onPress={onRestore}>
            Restore a backup
          </Button>
          <Button onPress={onAgain}>Try again</Button>
        </div>
      </div>
    </section>
  );
}
