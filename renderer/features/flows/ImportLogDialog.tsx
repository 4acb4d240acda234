import { useState } from 'react';
import { ImportFormat, IMPORT_FORMAT_WORDS } from '../../../shared/model/flow-source.ts';
import { FileChooser } from '../../editors/FileChooser.tsx';
import { bytesText } from '../../../shared/text/amount-text.ts';
import { Button } from '../../ui/Button.tsx';
import { Check } from '../../ui/Check.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { FormModal } from '../../ui/FormModal.tsx';
import { Modal } from '../../ui/Modal.tsx';
import { Note } from '../../ui/Note.tsx';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { ImportResult } from './ImportResult.tsx';
import { SourcesList } from './SourcesList.tsx';
import { type LogImport, useLogImport } from './use-log-import.ts';

const TITLE = 'Import flow logs';
const AUTO = 'auto';
const FORMATS = [{ value: AUTO, text: 'Told from the file' }, ...ImportFormat.options.map((format) => ({ value: format, text: IMPORT_FORMAT_WORDS[format] }))];

/** Flows of what has no agent, from a log on this machine: chosen, read with its progress, and told what came of it. Below, what was imported before, which can be taken out again. */
export function ImportLogDialog({ onClose }: { readonly onClose: () => void }) {
  const { run, start, stop, again } = useLogImport();
  const [form, setForm] = useState<Form>({ path: '', format: AUTO, isDryRun: false });
  switch (run.state) {
    case 'running':
      return <Running run={run} path={form.path} onStop={stop} onClose={onClose} />;
    case 'done':
      return <Done run={run} onAgain={again} onClose={onClose} />;
    case 'idle':
    case 'failed':
    case 'stopped':
      return (
        <ChooseLog
          form={form}
          set={(fields) => setForm((current) => ({ ...current, ...fields }))}
          run={run}
          onSubmit={() => start({ path: form.path.trim(), format: ImportFormat.safeParse(form.format).data ?? null, dryRun: form.isDryRun })}
          onClose={onClose}
        />
      );
  }
}

type Form = { readonly path: string; readonly format: string; readonly isDryRun: boolean };
type ChooseProps = { readonly form: Form; readonly set: (fields: Partial<Form>) => void; readonly run: Exclude<LogImport, { state: 'running' | 'done' }>; readonly onSubmit: () => void; readonly onClose: () => void };

function ChooseLog({ form, set, run, onSubmit, onClose }: ChooseProps) {
  return (
    <FormModal
      title={TITLE}
      wide
      submitText={form.isDryRun ? 'Read the log' : 'Import the log'}
      isDisabled={form.path.trim() === ''}
      error={run.state === 'failed' ? run.error : null}
      onClose={onClose}
      onSubmit={onSubmit}
    >
      <p className="muted">
        What a firewall, a cloud or a sensor wrote down, plain or gzip. It is read from this machine, and nothing of it leaves it; what it says is on the map and among the flows, marked with its source.
      </p>
      {run.state === 'stopped' ? <Note kind="plain" title="Cancelled; nothing was stored." /> : null}
      <FileChooser files="any" label="Log file" placeholder="~/logs/conn.log.gz" value={form.path} onChange={(path) => set({ path })} />
      <Choice label="Format" value={form.format} options={FORMATS} onChange={(format) => set({ format })} />
      <Check isSelected={form.isDryRun} onChange={(isDryRun) => set({ isDryRun })}>
        Only read it and say what it holds; store nothing
      </Check>
      <SourcesList />
    </FormModal>
  );
}

type RunningProps = { readonly run: Extract<LogImport, { state: 'running' }>; readonly path: string; readonly onStop: () => void; readonly onClose: () => void };

function Running({ run: { text, done, total }, path, onStop, onClose }: RunningProps) {
  return (
    <Modal title={TITLE} onClose={onClose} wide>
      <div className="modal-body">
        <p className="mono small inert">{path}</p>
        <ProgressBar label={TITLE} done={done} total={total} />
        <p className="small muted" role="status">
          {total === 0 ? text : `${bytesText(done)} of ${bytesText(total)}: ${text}`}
        </p>
        <p className="muted">It is stored as a whole at the end. Cancelling, or closing this, stores nothing.</p>
      </div>
      <div className="modal-foot">
        <Button onPress={onStop}>Cancel the import</Button>
      </div>
    </Modal>
  );
}

type DoneProps = { readonly run: Extract<LogImport, { state: 'done' }>; readonly onAgain: () => void; readonly onClose: () => void };

function Done({ run, onAgain, onClose }: DoneProps) {
  return (
    <Modal title={TITLE} onClose={onClose} wide>
      <div className="modal-body">
        <ImportResult result={run.result} isDryRun={run.isDryRun} />
      </div>
      <div className="modal-foot">
        <Button onPress={onAgain}>Another log</Button>
        <Button kind="primary" onPress={onClose}>
          Close
        </Button>
      </div>
    </Modal>
  );
}
