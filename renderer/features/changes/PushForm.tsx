import { useQuery } from '@tanstack/react-query';
import { Send } from 'lucide-react';
import { useState } from 'react';
import { DEFAULT_SETTINGS } from '../../../shared/contract/workspace-settings.ts';
import type { Plan } from '../../../shared/model/diff.ts';
import type { SessionChoice } from '../../../shared/model/session.ts';
import { changedHosts } from '../../../shared/policy/changed-hosts.ts';
import { formatWaves } from '../../../shared/text/waves-text.ts';
import { api, client } from '../../api/client.ts';
import { runPush, usePush } from '../../api/push-store.ts';
import { Button } from '../../ui/Button.tsx';
import { Check } from '../../ui/Check.tsx';
import { TextInput } from '../../ui/TextInput.tsx';
import { newlyBlocked } from './plan-facts.ts';
import { readWaves, WavesField } from './WavesField.tsx';
import { SessionChoiceField } from './SessionChoiceField.tsx';
import { mayForbidSessions } from './session-plan.ts';

/** Whole seconds within what the contract takes, or null. */
function readWindow(text: string): number | null {
  const seconds = Number(text);
  return Number.isInteger(seconds) && seconds >= 5 && seconds <= 3600 ? seconds : null;
}

/** Note, confirm window, what becomes of live connections, and the button. It stays shut while the plan is refused, empty, or a push runs; blocking seen flows must be acknowledged. */
export function PushForm({ plan, zone }: { readonly plan: Plan; readonly zone: string | null }) {
  const [note, setNote] = useState('');
  const settings = useQuery(api.workspace.settings.queryOptions({ input: {} }));
  const [typedWindow, setTypedWindow] = useState<string | null>(null);
  const windowText = typedWindow ?? String((settings.data ?? DEFAULT_SETTINGS).confirmWithinSeconds);
  const [typedWaves, setTypedWaves] = useState<string | null>(null);
  const wavesText = typedWaves ?? formatWaves((settings.data ?? DEFAULT_SETTINGS).waves);
  const [seenHash, setSeenHash] = useState<string | null>(null);
  // For the plan that it was chosen under; another one begins with keep.
  const [chosen, setChosen] = useState<{ hash: string; choice: SessionChoice } | null>(null);
  const isRunning = usePush((state) => state.isRunning);
  const confirmWithinSeconds = readWindow(windowText);
  const waves = readWaves(wavesText);
  const blocks = newlyBlocked(plan);
  const count = changedHosts(plan).length;
  const isRefused = plan.refusals.length > 0 || plan.brokenTests.length > 0;
  const sessions = chosen?.hash === plan.hash && mayForbidSessions(plan) ? chosen.choice : 'keep';
  const isReady = !isRunning && !isRefused && count > 0 && confirmWithinSeconds !== null && waves !== null && (blocks === 0 || seenHash === plan.hash);
  const push = () => {
    if (confirmWithinSeconds === null || waves === null) return;
    const order = { sizes: waves, first: [], pauseSeconds: (settings.data ?? DEFAULT_SETTINGS).wavePauseSeconds };
    void runPush(() => client.pushes.start({ planHash: plan.hash, zone, note: note.trim(), confirmWithinSeconds, sessions, waves: order }));
    setNote('');
  };
  return (
    <section className="stack" aria-label="Push">
      <h2>Push</h2>
      <TextInput label="Note" value={note} onChange={setNote} rows={2} placeholder="Why this change" />
      <TextInput
        label="Confirm within (seconds)"
        value={windowText}
        onChange={setTypedWindow}
        error={confirmWithinSeconds === null ? 'write whole seconds from 5 to 3600' : null}
        note="Each host goes back by itself unless a new connection confirms in this time."
      />
      <WavesField plan={plan} text={wavesText} onChange={setTypedWaves} />
      <SessionChoiceField plan={plan} zone={zone} value={sessions} onChange={(choice) => setChosen({ hash: plan.hash, choice })} />
      {blocks === 0 ? null : (
        <Check isSelected={seenHash === plan.hash} onChange={(isSelected) => setSeenHash(isSelected ? plan.hash : null)}>
          I looked at the {blocks === 1 ? 'seen flow that gets blocked' : `${blocks} seen flows that get blocked`}.
        </Check>
      )}
      <Button kind={blocks > 0 || sessions === 'cut' ? 'danger' : 'primary'} icon={Send} isDisabled={!isReady} onPress={push}>
        {isRunning ? 'Pushing …' : count === 0 ? 'Nothing to push' : `Push to ${count} ${count === 1 ? 'host' : 'hosts'}`}
      </Button>
      {isRefused ? <p className="field-error">Refused: see the reasons at the top of the plan.</p> : null}
    </section>
  );
}
