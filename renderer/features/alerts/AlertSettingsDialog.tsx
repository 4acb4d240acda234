import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { AlertSettings } from '../../../shared/model/alert.ts';
import { api } from '../../api/client.ts';
import { ThresholdFields } from '../../editors/ThresholdFields.tsx';
import { readThresholds, type TypedThresholds } from '../../editors/thresholds.ts';
import { FormModal } from '../../ui/FormModal.tsx';
import { MuteList } from './MuteList.tsx';
import { NotifySwitch } from './NotifySwitch.tsx';

/** From when on something counts as an alert, what is muted, and whether the desktop is told. */
export function AlertSettingsDialog({ onClose }: { readonly onClose: () => void }) {
  const settings = useQuery(api.alerts.settings.queryOptions({ input: {} }));
  return settings.data === undefined ? null : <SettingsForm stored={settings.data} onClose={onClose} />;
}

function SettingsForm({ stored, onClose }: { readonly stored: AlertSettings; readonly onClose: () => void }) {
  const [typed, setTyped] = useState<TypedThresholds>({});
  const save = useMutation(api.alerts.setSettings.mutationOptions({ onSuccess: onClose }));
  const { settings, errors } = readThresholds(typed, stored);
  return (
    <FormModal title="Alerts" submitText="Save thresholds" wide onSubmit={() => settings !== null && save.mutate(settings)} onClose={onClose} isBusy={save.isPending} isDisabled={settings === null} error={save.error}>
      <ThresholdFields stored={stored} typed={typed} errors={errors} onType={(name, text) => setTyped((current) => ({ ...current, [name]: text }))} />
      <MuteList />
      <NotifySwitch />
    </FormModal>
  );
}
