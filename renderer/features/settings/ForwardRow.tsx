import { useMutation } from '@tanstack/react-query';
import type { ForwardView } from '../../../shared/contract/forwards.ts';
import { printForwardTarget } from '../../../shared/text/forward-target-text.ts';
import { api } from '../../api/client.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { Note } from '../../ui/Note.tsx';
import { TimeAgo } from '../../ui/TimeAgo.tsx';

/** One destination, how sending to it stands, and a way to try it. */
export function ForwardRow({ view }: { readonly view: ForwardView }) {
  const test = useMutation(api.forwards.test.mutationOptions());
  const remove = useMutation(api.forwards.remove.mutationOptions());
  const confirm = useMutation(api.forwards.confirm.mutationOptions());
  const { name, target, format, kinds, confirmed, sent, waiting, dropped, lastSentAtMs } = view;
  return (
    <div className="setting" role="group" aria-label={name}>
      <h3 className="inert">{name}</h3>
      <div className="stack tight">
        <code className="inert">{printForwardTarget(target)}</code>
        <p className="small muted">
          {kinds.join(', ')} as {format.toUpperCase()} · sent {sent} · waiting {waiting}
          {dropped === 0 ? null : <strong> · dropped {dropped}, as too many waited</strong>} · last sent <TimeAgo atMs={lastSentAtMs} />
        </p>
        {confirmed ? <Failure view={view} /> : <NotConfirmed view={view} />}
        <SetAside view={view} />
        <div className="row">
          {confirmed ? (
            <Button small isPending={test.isPending} onPress={() => test.mutate({ name })} aria-label={`Send a test event to ${name}`}>
              Send a test event
            </Button>
          ) : (
            <Button small isPending={confirm.isPending} onPress={() => confirm.mutate({ name })} aria-label={`Send from this machine to ${name}`}>
              Send from this machine
            </Button>
          )}
          <Button small isPending={remove.isPending} onPress={() => remove.mutate({ name })} aria-label={`Remove ${name}`}>
            Remove
          </Button>
        </div>
        <div role="status">{test.data === undefined ? null : <TestNote confirmed={test.data.confirmed} />}</div>
        {[test.error, remove.error, confirm.error].map((error) => (error === null ? null : <ErrorNote key={error.message} error={error} />))}
      </div>
    </div>
  );
}

/** A workspace may come from somebody else, and what it names must not get anything just because it was opened. */
function NotConfirmed({ view: { target, waiting } }: { readonly view: ForwardView }) {
  const files = [...('caPath' in target && target.caPath !== null ? [`the authority in ${target.caPath}`] : []), ...(target.kind === 'webhook' ? [`the key in ${target.keyPath}`] : [])];
  return (
    <Note kind="warning" title="Not confirmed on this machine; nothing is sent.">
      <p className="inert">
        The workspace names it, and nobody here has said that events may go there. Look at the address first: once confirmed, what waits ({waiting}) and what happens later is sent there{files.length === 0 ? '' : `, with ${files.join(' and ')}`}.
      </p>
    </Note>
  );
}

function SetAside({ view: { name, setAside, setAsideReason } }: { readonly view: ForwardView }) {
  if (setAside === 0) return null;
  return (
    <Note kind="warning" title={`${setAside} ${setAside === 1 ? 'event was' : 'events were'} set aside and not sent`}>
      <p className="inert">
        The newest: {setAsideReason ?? 'no longer kept'}. Look at them with <code>firebreak forward set-aside {name}</code>, and forget them with <code>--forget</code>.
      </p>
    </Note>
  );
}

function Failure({ view: { failures, lastError, nextTryAtMs } }: { readonly view: ForwardView }) {
  if (failures === 0) return null;
  const next = nextTryAtMs === null ? '' : `; next try ${new Date(nextTryAtMs).toISOString().slice(11, 19)} UTC`;
  return (
    <Note kind="warning" title={`It does not take events (${failures} ${failures === 1 ? 'time' : 'times'})${next}`}>
      <p className="inert">{lastError}</p>
    </Note>
  );
}

function TestNote({ confirmed }: { readonly confirmed: boolean }) {
  return confirmed ? <Note kind="good" title="It has taken the test event." /> : <Note kind="plain" title="Sent. UDP has no answer: look there whether it arrived." />;
}
