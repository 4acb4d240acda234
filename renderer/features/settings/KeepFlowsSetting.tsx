import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { KEEP_FLOW_DAYS, type WorkspaceSettings } from '../../../shared/contract/workspace-settings.ts';
import { countText } from '../../../shared/text/amount-text.ts';
import { api } from '../../api/client.ts';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { FormModal } from '../../ui/FormModal.tsx';
import { Segments } from '../../ui/Segments.tsx';
import { QueryState } from '../../ui/StateBlocks.tsx';
import { Setting } from './Setting.tsx';

type Days = NonNullable<WorkspaceSettings['keepFlowDays']>;

const TEXTS: Readonly<Record<Days, string>> = { 120: '120 days', 365: '1 year', 730: '2 years' };
const options = [{ value: 'all', text: 'All' }, ...KEEP_FLOW_DAYS.map((days) => ({ value: String(days), text: TEXTS[days] }))];

/** For how long flows are kept. What would go is shown before a shorter time is taken. */
export function KeepFlowsSetting({ stored }: { readonly stored: WorkspaceSettings }) {
  const [asked, setAsked] = useState<Days | null>(null);
  const save = useMutation(api.workspace.saveSettings.mutationOptions({ onSuccess: () => setAsked(null) }));
  const keep = (keepFlowDays: Days | null) => save.mutate({ ...stored, keepFlowDays });
  const choose = (value: string) => {
    const days = KEEP_FLOW_DAYS.find((one) => String(one) === value) ?? null;
    save.reset();
    if (days === null || (stored.keepFlowDays !== null && days > stored.keepFlowDays)) keep(days);
    else if (days !== stored.keepFlowDays) setAsked(days);
  };
  return (
    <Setting
      name="Keeping flows"
      note="What hosts recorded longer ago goes with the first collect of a day, but for what a zone in test would have refused. A job that runs once a year is known only as long as its flows are kept. Imported logs stay until somebody removes them. The file keeps its size and uses the room again, until it is compacted (Workspace)."
    >
      <div className="stack tight">
        <Segments label="Flows are kept for" value={String(stored.keepFlowDays ?? 'all')} options={options} onChange={choose} />
        {save.error === null || asked !== null ? null : <ErrorNote error={save.error} />}
      </div>
      {asked === null ? null : <KeepDialog days={asked} isBusy={save.isPending} error={save.error} onKeep={() => keep(asked)} onClose={() => setAsked(null)} />}
    </Setting>
  );
}

type DialogProps = { readonly days: Days; readonly isBusy: boolean; readonly error: unknown; readonly onKeep: () => void; readonly onClose: () => void };

/** Nothing can be chosen before it is known what would go. */
function KeepDialog({ days, isBusy, error, onKeep, onClose }: DialogProps) {
  const forgettable = useQuery(api.flows.forgettable.queryOptions({ input: { keepDays: days } }));
  return (
    <FormModal title={`Keep flows for ${TEXTS[days]}`} submitText="Keep for that time" isDanger isBusy={isBusy} isDisabled={forgettable.data === undefined} error={error} onSubmit={onKeep} onClose={onClose}>
      <QueryState query={forgettable} what="flows">
        {({ beforeMs, gone, shortened }) => {
          const since = new Date(beforeMs).toISOString().slice(0, 10);
          if (gone + shortened === 0) return <p>Nothing here is that old yet: no flow was seen before {since} (UTC). From then on, each day the oldest one goes.</p>;
          return (
            <p>
              With the next collect {countText(gone, 'flow')} {gone === 1 ? 'goes' : 'go'} that nobody saw since {since} (UTC), and of {countText(shortened, 'other')} what was counted before. This cannot be taken back: make a backup first if anybody may ask for them.
            </p>
          );
        }}
      </QueryState>
    </FormModal>
  );
}
