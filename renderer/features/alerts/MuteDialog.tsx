import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { ALERT_WORDS } from '../../../shared/alerts/alert-text.ts';
import { muteText } from '../../../shared/alerts/mute-text.ts';
import type { AlertView } from '../../../shared/contract/alerts.ts';
import { api } from '../../api/client.ts';
import { Choice } from '../../ui/Choice.tsx';
import { FormModal } from '../../ui/FormModal.tsx';
import { TextInput } from '../../ui/TextInput.tsx';

const HOUR_MS = 3_600_000;
const periods = [
  { value: '1h', text: 'For an hour', ms: HOUR_MS },
  { value: '8h', text: 'For 8 hours', ms: 8 * HOUR_MS },
  { value: '1d', text: 'For a day', ms: 24 * HOUR_MS },
  { value: '7d', text: 'For a week', ms: 168 * HOUR_MS },
  { value: '30d', text: 'For 30 days', ms: 720 * HOUR_MS },
] as const;

type What = 'kind-host' | 'kind-zone' | 'kind' | 'host' | 'zone';

/** Alerts go on being stored; nobody is told of what is muted until the end that is chosen here. */
export function MuteDialog({ alert: { kind, hostName, zone }, onClose }: { readonly alert: AlertView; readonly onClose: () => void }) {
  const [what, setWhat] = useState<What>('kind-host');
  const [period, setPeriod] = useState<(typeof periods)[number]['value']>('1d');
  const [note, setNote] = useState('');
  const mute = useMutation(api.alerts.mute.mutationOptions({ onSuccess: onClose }));
  const choices: { value: What; text: string }[] = [
    { value: 'kind-host', text: `${ALERT_WORDS[kind].one} at ${hostName}` },
    ...(zone === null ? [] : [{ value: 'kind-zone' as const, text: `${ALERT_WORDS[kind].one} in zone ${zone}` }]),
    { value: 'kind', text: `${ALERT_WORDS[kind].one} everywhere` },
    { value: 'host', text: `Everything at ${hostName}` },
    ...(zone === null ? [] : [{ value: 'zone' as const, text: `Everything in zone ${zone}` }]),
  ];
  const muted = { kind: what.startsWith('kind') ? kind : null, hostName: what.endsWith('host') ? hostName : null, zone: what.endsWith('zone') ? zone : null };
  const lastsMs = periods.find(({ value }) => value === period)?.ms ?? HOUR_MS;
  return (
    <FormModal title="Mute" submitText="Mute" onSubmit={() => mute.mutate({ ...muted, untilMs: Date.now() + lastsMs, note })} onClose={onClose} isBusy={mute.isPending} error={mute.error}>
      <Choice label="What" value={what} options={choices} onChange={setWhat} />
      <Choice label="Until when" value={period} options={periods} onChange={setPeriod} />
      <TextInput label="Why" value={note} onChange={(text) => setNote(text.slice(0, 500))} note={`Nobody is told of ${muteText(muted)}. They are stored nevertheless, and listed as muted.`} />
    </FormModal>
  );
}
