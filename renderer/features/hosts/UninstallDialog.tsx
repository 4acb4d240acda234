import { useState } from 'react';
import type { UninstallRules } from '../../../shared/model/compatibility.ts';
import { FormModal } from '../../ui/FormModal.tsx';
import { RadioChoice } from '../../ui/RadioChoice.tsx';
import { hostCommands } from './host-commands.ts';

const ENDINGS: readonly { readonly value: UninstallRules; readonly text: string; readonly note: string }[] = [
  { value: 'remove', text: 'Remove them', note: 'Nothing of ours stays: whatever they blocked is open again from that moment.' },
  {
    value: 'leave',
    text: 'Leave them',
    note: 'They stay and go on blocking, also after a reboot, by a unit of systemd and two files; nobody watches or changes them any more. Refused where they name systemd units.',
  },
  {
    value: 'restore',
    text: 'Restore what was there before the install',
    note: 'Ours are removed, and a table “inet firebreak” that was there before comes back; other firewalls stay as they are, because they were never touched.',
  },
];

/** Asks before the agent and its records are taken off hosts, and what becomes of its rules. */
export function UninstallDialog({ names, onClose }: { readonly names: readonly string[]; readonly onClose: () => void }) {
  const [rules, setRules] = useState<UninstallRules>('remove');
  const submit = () => {
    onClose();
    void hostCommands.uninstall(names, rules);
  };
  return (
    <FormModal
      title={names.length === 1 ? `Uninstall the agent from ${names[0]}` : `Uninstall the agent from ${names.length} hosts`}
      submitText="Uninstall"
      isDanger
      onClose={onClose}
      onSubmit={submit}
    >
      <p>The agent, its timers and its records are removed. Flows that were not collected yet are lost.</p>
      <RadioChoice label="Its rules" value={rules} options={ENDINGS} onChange={setRules} />
    </FormModal>
  );
}
