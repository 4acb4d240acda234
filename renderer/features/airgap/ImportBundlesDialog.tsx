import { useState } from 'react';
import type { BundlesImported } from '../../../shared/contract/bundles.ts';
import { client } from '../../api/client.ts';
import { FileChooser } from '../../editors/FileChooser.tsx';
import { Button } from '../../ui/Button.tsx';
import { FormModal } from '../../ui/FormModal.tsx';
import { Modal } from '../../ui/Modal.tsx';
import { Note } from '../../ui/Note.tsx';
import { useLastResult } from './last-results.ts';
import { bundleLine, sumBundles } from './outcome-text.ts';
import { OutcomeList } from './OutcomeList.tsx';
import { RunningModal } from './RunningModal.tsx';
import { useStream } from '../../api/use-stream.ts';

const TITLE = 'Import bundles';

/** Bundles of a stick: a file, or a folder of them. First told what would become of each, then imported; each by itself, so that one that is refused stops no other. */
export function ImportBundlesDialog({ onClose }: { readonly onClose: () => void }) {
  const [path, setPath] = useState('');
  const [isDryRun, setDryRun] = useState(true);
  const { run, start, stop, again } = useStream<BundlesImported>();
  const show = useLastResult((state) => state.show);
  const read = (dryRun: boolean) => {
    setDryRun(dryRun);
    void start((signal) => client.bundles.import({ paths: [path.trim()], dryRun }, { signal })).then((result) => {
      if (result !== null && !dryRun) show({ title: TITLE, sum: sumBundles(result.bundles, false), lines: result.bundles.map(bundleLine), atMs: Date.now() });
    });
  };
  if (run.state === 'running') return <RunningModal title={TITLE} path={path} run={run} note={isDryRun ? 'Nothing is stored yet.' : 'Each bundle is stored as it is read. Cancelling stops before the next one.'} onStop={stop} onClose={onClose} />;
  if (run.state === 'done') return <Told result={run.result} isDryRun={isDryRun} onImport={() => read(false)} onAgain={again} onClose={onClose} />;
  return (
    <FormModal title={TITLE} wide submitText="Look at them" isDisabled={path.trim() === ''} error={run.state === 'failed' ? run.error : null} onClose={onClose} onSubmit={() => read(true)}>
      <p className="muted">What firebreak-collect wrote: one file a host, or a folder of them (on the stick it is called “collected”). They may be anybody’s: signatures are checked, and nothing is stored before you have seen what would come of each.</p>
      {run.state === 'stopped' ? <Note kind="plain" title={isDryRun ? 'Cancelled; nothing was stored.' : 'Cancelled; what was read before that is stored.'} /> : null}
      <FileChooser files="any" wants="either" label="Bundle, or folder of bundles" placeholder="/media/usb/firebreak/collected" value={path} onChange={setPath} />
    </FormModal>
  );
}

type ToldProps = { readonly result: BundlesImported; readonly isDryRun: boolean; readonly onImport: () => void; readonly onAgain: () => void; readonly onClose: () => void };

function Told({ result: { bundles }, isDryRun, onImport, onAgain, onClose }: ToldProps) {
  const count = bundles.filter(({ outcome }) => outcome === 'imported').length;
  const refused = bundles.filter(({ outcome }) => outcome === 'refused').length;
  return (
    <Modal title={TITLE} onClose={onClose} wide>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (axe scrollable-region-focusable) */}
      <div className="modal-body" role="region" aria-label="What the bundles hold" tabIndex={0}>
        {bundles.length === 0 ? (
          <Note kind="warning" title="There is no bundle there. Bundles end in .tar.gz." />
        ) : (
          <Note kind={isDryRun ? 'plain' : refused > 0 ? 'warning' : 'good'} title={`${sumBundles(bundles, isDryRun)}.`}>
            {isDryRun ? <p>Nothing is stored yet. Each is told as if it came alone.</p> : null}
          </Note>
        )}
        {bundles.length === 0 ? null : <OutcomeList label={isDryRun ? 'What would become of each bundle' : 'What became of each bundle'} lines={bundles.map(bundleLine)} />}
      </div>
      <div className="modal-foot">
        <Button onPress={onAgain}>{isDryRun ? 'Choose others' : 'More bundles'}</Button>
        {isDryRun && count > 0 ? (
          <Button kind="primary" onPress={onImport}>{`Import ${count} ${count === 1 ? 'bundle' : 'bundles'}`}</Button>
        ) : (
          <Button kind="primary" onPress={onClose}>
            Close
          </Button>
        )}
      </div>
    </Modal>
  );
}
