import { useMutation, useQuery } from '@tanstack/react-query';
import type { CollectView } from '../../../shared/contract/collect-rounds.ts';
import { COLLECT_EVERY_MINUTES, type WorkspaceSettings } from '../../../shared/contract/workspace-settings.ts';
import { describeRound, everyText } from '../../../shared/text/collect-text.ts';
import { api } from '../../api/client.ts';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { Segments } from '../../ui/Segments.tsx';
import { TimeAgo } from '../../ui/TimeAgo.tsx';
import { Setting } from './Setting.tsx';

const options = [{ value: 'off', text: 'Off' }, ...COLLECT_EVERY_MINUTES.map((minutes) => ({ value: String(minutes), text: everyText(minutes) }))];

/** How often the open window collects by itself, and what the last round came to. */
export function CollectSetting({ stored }: { readonly stored: WorkspaceSettings }) {
  const save = useMutation(api.workspace.saveSettings.mutationOptions());
  const collecting = useQuery(api.workspace.collecting.queryOptions({ input: {} }));
  return (
    <Setting
      name="Collecting"
      note="How often an open window fetches facts and flows from all hosts with an agent. It steps aside for a push, asks nobody for a password, and leaves a host that failed alone for longer each time, six hours at most. It ends when the window is closed."
    >
      <div className="stack tight">
        <Segments
          label="Collect from all hosts every"
          value={String(stored.collectEveryMinutes ?? 'off')}
          options={options}
          onChange={(value) => save.mutate({ ...stored, collectEveryMinutes: COLLECT_EVERY_MINUTES.find((minutes) => String(minutes) === value) ?? null })}
        />
        {collecting.data === undefined ? null : <RoundText view={collecting.data} />}
        {save.error === null ? null : <ErrorNote error={save.error} />}
      </div>
    </Setting>
  );
}

function RoundText({ view: { everyMinutes, isUnderWay, last, nextAtMs } }: { readonly view: CollectView }) {
  return (
    <div className="stack tight" role="status" aria-label="Rounds of collecting">
      {last === null ? (
        <p>{everyMinutes === null ? 'Hosts are asked only when somebody says so.' : 'No round has ended yet.'}</p>
      ) : (
        <p>
          Last round <TimeAgo atMs={last.startedAtMs} />: {describeRound(last).join(' ')}
        </p>
      )}
      {isUnderWay ? <p>A round is under way.</p> : null}
      {!isUnderWay && everyMinutes !== null ? (
        <p>{nextAtMs === null ? 'This window starts none: it may only look at this workspace.' : <NextText nextAtMs={nextAtMs} />}</p>
      ) : null}
    </div>
  );
}

function NextText({ nextAtMs }: { readonly nextAtMs: number }) {
  return nextAtMs <= Date.now() ? 'The next one begins within seconds.' : <>The next one begins <TimeAgo atMs={nextAtMs} />.</>;
}
