import { useMutation } from '@tanstack/react-query';
import type { Rule } from '../../../shared/model/policy.ts';
import { printPeer } from '../../../shared/text/peer-text.ts';
import { printServiceRefs } from '../../../shared/text/service-text.ts';
import { api } from '../../api/client.ts';
import { FormModal } from '../../ui/FormModal.tsx';

/** Takes a rule out of the draft. */
export function RemoveRuleDialog({ rule, onClose }: { readonly rule: Rule; readonly onClose: () => void }) {
  const remove = useMutation(api.policy.removeRule.mutationOptions({ onSuccess: onClose }));
  return (
    <FormModal
      title={`Remove rule ${rule.id}`}
      submitText="Remove from draft"
      isDanger
      isBusy={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onSubmit={() => remove.mutate({ id: rule.id })}
    >
      <p className="mono">
        {rule.action} {printPeer(rule.from)} → {printPeer(rule.to)} on {printServiceRefs(rule.services)}
      </p>
      <p>Hosts follow when you push; the plan shows which seen flows that would block.</p>
    </FormModal>
  );
}
