import { useNavigate } from '@tanstack/react-router';
import { Redo2, Undo2 } from 'lucide-react';
import type { PolicyVersionId } from '../../../shared/model/ids.ts';
import { errorSentence } from '../../api/error-sentence.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { useDraftSteps } from './use-draft-steps.ts';

type Props = { readonly version: PolicyVersionId | null; readonly isChanged: boolean };

/** Says that the draft differs from the last pushed version, leads to the plan, and takes edits back. Nothing while there is neither a difference nor an edit. */
export function DraftCard({ version, isChanged }: Props) {
  const navigate = useNavigate();
  const { history, step, isBusy, error, said } = useDraftSteps();
  const [undo, redo] = [history?.undo[0], history?.redo[0]];
  if (!isChanged && undo === undefined && redo === undefined) return null;
  const words = !isChanged ? (version === null ? 'Draft is empty' : `Draft is v${version}`) : version === null ? 'Draft, never pushed' : `Draft differs from v${version}`;
  const steps = (
    <>
      <IconButton label={undo === undefined ? 'Nothing to undo' : `Undo: ${undo.text} (Ctrl Z)`} icon={Undo2} isDisabled={undo === undefined || isBusy} onPress={() => step('undo')} />
      <IconButton label={redo === undefined ? 'Nothing to redo' : `Redo: ${redo.text} (Ctrl Shift Z)`} icon={Redo2} isDisabled={redo === undefined || isBusy} onPress={() => step('redo')} />
    </>
  );
  return (
    <section className="draft-card" aria-label="Draft">
      <div className="row">
        <span className={isChanged ? 'dot' : 'dot calm'} aria-hidden />
        <span className="grow">{words}</span>
        {isChanged ? null : steps}
      </div>
      {isChanged ? (
        <div className="row">
          <Button small onPress={() => void navigate({ to: '/changes' })}>
            Review and push
          </Button>
          {steps}
        </div>
      ) : null}
      <p className="small muted said" role="status">
        {error === null ? said : <span className="field-error">{errorSentence(error).title}</span>}
      </p>
    </section>
  );
}
