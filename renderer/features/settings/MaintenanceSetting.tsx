import { useMutation } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import type { WorkspaceSettings } from '../../../shared/contract/workspace-settings.ts';
import type { MaintenanceWindow } from '../../../shared/model/maintenance.ts';
import { readWindow } from '../../../shared/policy/maintenance.ts';
import { describeWindow, parseMaintenance, windowName } from '../../../shared/text/maintenance-text.ts';
import { printSchedule } from '../../../shared/text/schedule-text.ts';
import { api } from '../../api/client.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { TextInput } from '../../ui/TextInput.tsx';
import { Setting } from './Setting.tsx';

/** When hosts may be pushed to, by zone. */
export function MaintenanceSetting({ stored }: { readonly stored: WorkspaceSettings }) {
  const [text, setText] = useState('');
  const save = useMutation(api.workspace.saveSettings.mutationOptions());
  const typed = parseMaintenance(text);
  const error = text.trim() === '' || typed.ok ? null : (typed.issues[0]?.message ?? null);
  const keep = (maintenance: MaintenanceWindow[], onSuccess = () => undefined) => save.mutate({ ...stored, maintenance }, { onSuccess });
  const others = (zone: MaintenanceWindow['zone']) => stored.maintenance.filter((window) => window.zone !== zone);
  return (
    <Setting
      name="Maintenance windows"
      note="A push to a host outside its window is refused unless it gives a reason, and one that outlasts the window begins no further host. Rollbacks and containments need no window. A zone’s own window holds in place of that for every zone (*)."
    >
      <div className="stack tight grow">
        <WindowList windows={stored.maintenance} isBusy={save.isPending} onRemove={(zone) => keep(others(zone))} />
        <Form
          className="row"
          onSubmit={(event) => {
            event.preventDefault();
            if (typed.ok) keep([...others(typed.value.zone), typed.value], () => void setText(''));
          }}
        >
          {/* As wide as what it shows how to write. */}
          <div className="grow">
            <TextInput label="Zone and times" value={text} onChange={setText} error={error} placeholder="shop=Sat 22:00-04:00 Europe/Berlin" />
          </div>
          <Button type="submit" isDisabled={!typed.ok || save.isPending}>
            Set window
          </Button>
        </Form>
        {save.error === null ? null : <ErrorNote error={save.error} />}
      </div>
    </Setting>
  );
}

type ListProps = { readonly windows: readonly MaintenanceWindow[]; readonly isBusy: boolean; readonly onRemove: (zone: MaintenanceWindow['zone']) => void };

function WindowList({ windows, isBusy, onRemove }: ListProps) {
  if (windows.length === 0) return <p className="muted">None: hosts may be pushed to at any time.</p>;
  return (
    <ul className="stack tight" aria-label="Maintenance windows">
      {windows.map((window) => (
        <li key={window.zone ?? ''} className="row">
          <span className="strong">{window.zone ?? 'Every zone'}</span>
          <span>{printSchedule(window.schedule)}</span>
          <span className="small muted grow">{describeWindow(readWindow(window, Date.now()))}</span>
          <IconButton label={`Remove the window of ${windowName(window.zone)}`} icon={Trash2} isDisabled={isBusy} onPress={() => onRemove(window.zone)} />
        </li>
      ))}
    </ul>
  );
}
