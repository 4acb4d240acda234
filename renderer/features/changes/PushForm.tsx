import { useQuery } from '@tanstack/react-query';
import { Send } from 'lucide-react';
import { useState } from 'react';
import { DEFAULT_SETTINGS } from '../../../shared/contract/workspace-settings.ts';
import type { Plan } from '../../../shared/model/diff.ts';
import type { SessionChoice } from '../../../shared/model/session.ts';
import { changedHosts } from '../../../shared/policy/changed-hosts.ts';
import { api, client } from '../../api/client.ts';
import { runPush, usePush } from '../../api/push-store.ts';
import { Button } from '../../ui/Button.tsx';
import { Check } from '../../ui/Check.tsx';
import { TextInput } from '../../ui/TextInput.tsx';
import { newlyBlocked } from './plan-facts.ts';
import { PushFields } from './PushFields.tsx';
import { NOTHING_TYPED, readOrder, withSettings } from './push-options.ts';
import { SessionChoiceField } from './SessionChoiceField.tsx';
import { mayForbidSessions } from './session-plan.ts';

/** Note, confirm window, what becomes of live connections, and the button. It stays shut while the plan is refused, empty, or a push runs; blocking seen flows must be acknowledged. */
export function PushForm({ plan, zone }: { readonly plan: Plan; readonly zone: string | null }) {
  const [note, setNote] = useState('');
  const settings = useQuery(api.workspace.settings.queryOptions({ input: {} }));
  const stored = settings.data ?? DEFAULT_SETTINGS;
  const [typed, setTyped] = useState(NOTHING_TYPED);
  const options = withSettings(typed, stored);
  const [seenHash, setSeenHash] = useState<string | null>(null);
  // For the plan that it was chosen under; another one begins with keep.
  const [chosen, setChosen] = useState<{ hash: string; choice: SessionChoice } | null>(null);
  const isRunning = usePush((state) => state.isRunning);
  const order = readOrder(plan, options, stored);
  const blocks = newlyBlocked(plan);
  const count = changedHosts(plan).length;
  const isRefused = plan.refusals.length > 0 || plan.brokenTests.length > 0;
  const sessions = chosen?.hash === plan.hash && mayForbidSessions(plan) ? chosen.choice : 'keep';
  const isReady = !isRunning && !isRefused && count > 0 && order !== null && (blocks === 0 || seenHash === plan.hash);
  const push = () => {
    if (order === null) return;
    void runPush(() => client.pushes.start({ planHash: plan.hash, zone, note: note.trim(), sessions, ...order }));
    setNote('');
    setTyped({ ...typed, reason: '' });
  };
  return (
    <section className="stack" aria-label="Push">
      <h2>Push</h2>
      <TextInput label="Note" value={note} onChange={setNote} rows={2} placeholder="Why this change" />
      <PushFields plan={plan} options={options} onChange={(changed) => setTyped({ ...typed, ...changed })} />
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
