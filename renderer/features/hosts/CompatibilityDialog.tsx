import { useStore } from 'zustand';
import type { StoreApi } from 'zustand/vanilla';
import { Button } from '../../ui/Button.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { Modal } from '../../ui/Modal.tsx';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { type CheckRun, closeCheck, useShownCheck } from './compatibility-check.ts';
import { CompatibilityResult } from './CompatibilityResult.tsx';

/** The open check of compatibility, if one is: its progress, then its result. Part of every screen, because a check may end on another one. */
export function CompatibilityDialog() {
  const { shown } = useShownCheck();
  return shown === null ? null : <ShownCheck run={shown} />;
}

function ShownCheck({ run }: { readonly run: StoreApi<CheckRun> }) {
  const check = useStore(run);
  return (
    <Modal title={check.title} onClose={closeCheck} wide>
      <CheckBody check={check} />
    </Modal>
  );
}

function CheckBody({ check }: { readonly check: CheckRun }) {
  switch (check.state) {
    case 'running':
      return <Running check={check} />;
    case 'done':
      return <CompatibilityResult hosts={check.hosts} takenAtMs={check.takenAtMs} />;
    case 'failed':
      return (
        <div className="modal-body">
          <ErrorNote error={check.error} />
        </div>
      );
    case 'stopped':
      return <p className="modal-body muted">Cancelled. Nothing was written to a host.</p>;
  }
}

function Running({ check: { title, stop, progress } }: { readonly check: Extract<CheckRun, { state: 'running' }> }) {
  const text = progress === null ? 'starting' : `${progress.hostName === null ? '' : `${progress.hostName}: `}${progress.text}`;
  return (
    <>
      <div className="modal-body">
        <p className="muted">Kernel, nftables, tools, other firewalls, room and clock are looked at. Nothing is written to a host.</p>
        <ProgressBar label={title} done={progress?.done ?? 0} total={progress?.total ?? 0} />
        <p className="small muted inert" role="status">
          {progress === null ? '' : `${progress.done} of ${progress.total} done. `}
          {text}
        </p>
      </div>
      <div className="modal-foot">
        <Button onPress={closeCheck}>Go on in the background</Button>
        <Button onPress={stop}>Cancel the check</Button>
      </div>
    </>
  );
}
