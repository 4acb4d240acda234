import { useMutation } from '@tanstack/react-query';
import type { Zone } from '../../../shared/model/policy.ts';
import { api } from '../../api/client.ts';
import { FormModal } from '../../ui/FormModal.tsx';

/** Takes a zone out of the draft. */
export function RemoveZoneDialog({ zone, onClose }: { readonly zone: Zone; readonly onClose: () => void }) {
  const remove = useMutation(api.policy.removeZone.mutationOptions({ onSuccess: onClose }));
  return (
    <FormModal
      title={`Remove zone ${zone.name}`}
      submitText="Remove from draft"
      isDanger
      isBusy={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onSubmit={() => remove.mutate({ name: zone.name })}
    >
      <p>Its hosts fall to the next zone that selects them, or are observed only. Hosts follow when you push.</p>
    </FormModal>
  );
}
