import { useMutation } from '@tanstack/react-query';
import { Archive, Copy, History, Shrink } from 'lucide-react';
import { useState } from 'react';
import type { WorkspaceInfo } from '../../../shared/contract/workspaces.ts';
import { bytesText } from '../../../shared/text/amount-text.ts';
import { api } from '../../api/client.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { Note } from '../../ui/Note.tsx';
import { TimeAgo } from '../../ui/TimeAgo.tsx';
import type { WorkspaceDialog } from './workspace-dialog.ts';

type Props = { readonly info: WorkspaceInfo; readonly madeAt: string | null; readonly ask: (dialog: WorkspaceDialog) => void; readonly refresh: () => void };

/** The open workspace, and what can be done with its file. */
export function ThisWorkspaceCard({ info, madeAt, ask, refresh }: Props) {
  const [said, setSaid] = useState<string | null>(null);
  const backUp = useMutation(api.workspace.backUp.mutationOptions({ onSuccess: ({ path, bytes }) => setSaid(`Backed up to ${path} (${bytesText(bytes)}).`) }));
  const compact = useMutation(
    api.workspace.compact.mutationOptions({
      onSuccess: ({ bytesBefore, bytesAfter }) => {
        setSaid(`${bytesText(bytesBefore)} before, ${bytesText(bytesAfter)} after.`);
        refresh();
      },
    }),
  );
  const isBusy = backUp.isPending || compact.isPending;
  const error = backUp.error ?? compact.error;
  return (
    <section className="card" aria-label="This workspace">
      <div className="card-head">
        <h2 className="grow">This workspace</h2>
      </div>
      <div className="card-body stack">
        <InfoList info={info} />
        <div className="row wrap">
          <Button icon={Archive} isPending={backUp.isPending} isDisabled={isBusy} onPress={() => backUp.mutate({ path: null })}>
            Back up now
          </Button>
          <Button icon={History} isDisabled={isBusy || info.readOnly} onPress={() => ask('restore')}>
            Restore a backup
          </Button>
          <Button icon={Copy} isDisabled={isBusy} onPress={() => ask('duplicate')}>
            Duplicate
          </Button>
          <Button icon={Shrink} isPending={compact.isPending} isDisabled={isBusy || info.readOnly} onPress={() => compact.mutate({})}>
            Compact
          </Button>
        </div>
        <div role="status">{said === null && madeAt === null ? null : <Note kind="good" title={said ?? `The copy is ${madeAt ?? ''}. This window still has the original.`} />}</div>
        {error === null ? null : <ErrorNote error={error} />}
      </div>
    </section>
  );
}

function InfoList({ info: { path, bytes, hosts, version, draftChanged, sample, readOnly, holder } }: { readonly info: WorkspaceInfo }) {
  return (
    <dl className="facts">
      <dt>File</dt>
      <dd className="mono">{path}</dd>
      <dt>Size</dt>
      <dd>{bytesText(bytes)}</dd>
      <dt>Hosts</dt>
      <dd>{hosts}</dd>
      <dt>Policy</dt>
      <dd>
        {version === null ? 'never pushed' : `version ${version}`}
        {draftChanged ? ', and a draft that differs' : ''}
      </dd>
      <dt>Kind</dt>
      <dd>{sample ? 'sample: made-up hosts and flows, nothing is ever connected to' : 'real: hosts are reached over SSH when you ask for it'}</dd>
      <dt>Access</dt>
      <dd>
        {readOnly && holder !== null ? (
          <>
            read-only: open in {holder.user}’s console (process {holder.pid}), since <TimeAgo atMs={holder.sinceMs} />
          </>
        ) : (
          'held by this window; other windows can look, and the command line can work beside it'
        )}
      </dd>
    </dl>
  );
}
