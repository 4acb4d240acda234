import { FormModal } from '../../ui/FormModal.tsx';
import { hostCommands } from './host-commands.ts';

/** Asks before the agent, its rules and its records are taken off hosts. */
export function UninstallDialog({ names, onClose }: { readonly names: readonly string[]; readonly onClose: () => void }) {
  const submit = () => {
    onClose();
    void hostCommands.uninstall(names);
  };
  return (
    <FormModal
      title={names.length === 1 ? `Uninstall the agent from ${names[0]}` : `Uninstall the agent from ${names.length} hosts`}
      submitText="Uninstall"
      isDanger
      onClose={onClose}
      onSubmit={submit}
    >
      <p>Its rules are removed: whatever they blocked is open again from that moment. Flows that were not collected yet are lost.</p>
    </FormModal>
  );
}
