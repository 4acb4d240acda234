import { Send } from 'lucide-react';
import { useState } from 'react';
import type { Plan } from '../../../shared/model/diff.ts';
import { client } from '../../api/client.ts';
import { runPush, usePush } from '../../api/push-store.ts';
import { Button } from '../../ui/Button.tsx';
import { Check } from '../../ui/Check.tsx';
import { TextInput } from '../../ui/TextInput.tsx';
import { changedHosts, newlyBlocked } from './plan-facts.ts';

const DEFAULT_WINDOW_SECONDS = '60';

/** Whole seconds within what the contract takes, or null. */
function readWindow(text: string): number | null {
  const seconds = Number(text);
  return Number.isInteger(seconds) && seconds >= 5 && seconds <= 3600 ? seconds : null;
}

/** Note, confirm window and the button. It stays shut while the plan is refused, empty, or a push runs; blocking seen flows must be acknowledged. */
export function PushForm({ plan, zone }: { readonly plan: Plan; readonly zone: string | null }) {
  const [note, setNote] = useState('');
  const [windowText, setWindowText] = useState(DEFAULT_WINDOW_SECONDS);
  const [seenHash, setSeenHash] = useState<string | null>(null);
  const isRunning = usePush((state) => state.isRunning);
  const confirmWithinSeconds = readWindow(windowText);
  const blocks = newlyBlocked(plan);
  const count = changedHosts(plan).length;
  const isRefused = plan.refusals.length > 0 || plan.brokenTests.length > 0;
  const isReady = !isRunning && !isRefused && count > 0 && confirmWithinSeconds !== null && (blocks === 0 || seenHash === plan.hash);
  const push = () => {
    if (confirmWithinSeconds === null) return;
    void runPush(() => client.pushes.start({ planHash: plan.hash, zone, note: note.trim(), confirmWithinSeconds }));
    setNote('');
  };
  return (
    <section className="stack" aria-label="Push">
      <h2>Push</h2>
      <TextInput label="Note" value={note} onChange={setNote} rows={2} placeholder="Why this change" />
      <TextInput
        label="Confirm within (seconds)"
        value={windowText}
        onChange={setWindowText}
        error={confirmWithinSeconds === null ? 'write whole seconds from 5 to 3600' : null}
        note="Each host goes back by itself unless a new connection confirms in this time."
      />
      {blocks === 0 ? null : (
        <Check isSelected={seenHash === plan.hash} onChange={(isSelected) => setSeenHash(isSelected ? plan.hash : null)}>
          I looked at the {blocks === 1 ? 'seen flow that gets blocked' : `${blocks} seen flows that get blocked`}.
        </Check>
      )}
      <Button kind={blocks > 0 ? 'danger' : 'primary'} icon={Send} isDisabled={!isReady} onPress={push}>
        {isRunning ? 'Pushing …' : count === 0 ? 'Nothing to push' : `Push to ${count} ${count === 1 ? 'host' : 'hosts'}`}
      </Button>
      {isRefused ? <p className="field-error">Refused: see the reasons at the top of the plan.</p> : null}
    </section>
  );
}
