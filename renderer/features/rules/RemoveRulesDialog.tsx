import { useMutation } from '@tanstack/react-query';
import type { Rule } from '../../../shared/model/policy.ts';
import { describeRuleShort } from '../../../shared/policy/describe.ts';
import { api } from '../../api/client.ts';
import { FormModal } from '../../ui/FormModal.tsx';

const SHOWN = 8;

/** Takes rules out of the draft. */
export function RemoveRulesDialog({ rules, onClose }: { readonly rules: readonly Rule[]; readonly onClose: () => void }) {
  const remove = useMutation(api.policy.removeRules.mutationOptions({ onSuccess: onClose }));
  const [first] = rules;
  return (
    <FormModal
      title={rules.length === 1 ? `Remove rule ${first?.id ?? ''}` : `Remove ${rules.length} rules`}
      submitText="Remove from draft"
      isDanger
      isBusy={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onSubmit={() => remove.mutate({ ids: rules.map((rule) => rule.id) })}
    >
      <ul className="stack tight">
        {rules.slice(0, SHOWN).map((rule) => (
          <li key={rule.id} className="mono inert">
            {describeRuleShort(rule)}
          </li>
        ))}
        {rules.length > SHOWN ? <li className="muted">and {rules.length - SHOWN} more</li> : null}
      </ul>
      <p>Hosts follow when you push; the plan shows which seen flows that would block. Until then it can be undone with Ctrl Z.</p>
    </FormModal>
  );
}
