import type { HostDetail } from '../../../shared/contract/views.ts';
import { machineText } from '../../../shared/text/machine-text.ts';
import { Button } from '../../ui/Button.tsx';
import { CommandText } from '../../ui/CommandText.tsx';
import { Note } from '../../ui/Note.tsx';
import { exactTime } from '../../ui/TimeAgo.tsx';
import { HOST_STATES } from './host-states.ts';

type Props = { readonly host: HostDetail; readonly onCompare: () => void };
/** What follows from another machine being there: said once, by `RebuiltNote`. */
const OF_REBUILT: ReadonlySet<string> = new Set(['REBUILT', 'AGENT_GONE']);

/** What is wrong with a host or doubtful about it, each thing once, with what to do next. */
export function HostNotes({ host, onCompare }: Props) {
  const { lastError, state, warnings } = host;
  const isRebuilt = warnings.some(({ code }) => code === 'REBUILT');
  const isTold = isRebuilt && (lastError?.code === 'HOST_REBUILT' || lastError?.code === 'AGENT_MISSING');
  return (
    <>
      {isRebuilt ? <RebuiltNote host={host} onCompare={onCompare} /> : null}
      {lastError === null || isTold ? null : (
        <Note kind="error" title={lastError.title}>
          <p className="note-hint">
            <CommandText text={lastError.hint} />
          </p>
        </Note>
      )}
      {state === 'in-sync' || state === 'unmanaged' || isRebuilt ? null : <Note kind={state === 'drifted' || state === 'pending' ? 'warning' : 'plain'} title={HOST_STATES[state].explanation} />}
      {warnings
        .filter(({ code }) => !isRebuilt || !OF_REBUILT.has(code))
        .map(({ code, text }) => (
          <Note key={`${code} ${text}`} kind="warning" title={text} />
        ))}
    </>
  );
}

function RebuiltNote({ host: { machines }, onCompare }: Props) {
  const [now, former] = [machines.find(({ standing }) => standing === 'waiting'), machines.find(({ standing }) => standing === 'current')];
  const ids = now === undefined || former === undefined ? '' : ` (machine id ${machineText(now.machineId)}, before ${machineText(former.machineId)})`;
  return (
    <Note kind="error" title={`Another machine answers there${now === undefined ? '' : ` since ${exactTime(now.firstSeenAtMs)}`}${ids}. Nothing is taken from it and nothing is sent to it.`}>
      <p className="note-hint">If it was made anew, compare its key and accept the machine; the agent is installed then. If not, its address leads to somebody else: correct the address.</p>
      <div className="row note-actions">
        <Button onPress={onCompare}>Compare key …</Button>
      </div>
    </Note>
  );
}
