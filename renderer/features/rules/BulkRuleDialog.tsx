import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Rule } from '../../../shared/model/policy.ts';
import { api } from '../../api/client.ts';
import { FormModal } from '../../ui/FormModal.tsx';
import { TextInput } from '../../ui/TextInput.tsx';
import { readCell } from './read-cell.ts';

type Props = { readonly field: 'owner' | 'reviewOn'; readonly rules: readonly Rule[]; readonly onClose: () => void };

const WORDS = {
  owner: { title: 'Owner', label: 'Owner', note: 'Who answers for these rules. Empty: nobody named.', type: 'text' },
  reviewOn: { title: 'Review', label: 'Review on', note: 'Empty: no date.', type: 'date' },
} as const;

/** Gives all selected rules the same owner or review date: one edit of the draft. */
export function BulkRuleDialog({ field, rules, onClose }: Props) {
  const [typed, setTyped] = useState(() => commonText(rules, field));
  const update = useMutation(api.policy.updateRules.mutationOptions({ onSuccess: onClose }));
  const words = WORDS[field];
  const readings = rules.map((rule) => readCell(rule, field, typed));
  const error = readings.find((reading) => !reading.ok)?.error ?? null;
  const changed = readings.flatMap((reading) => (reading.ok ? [reading.rule] : []));
  return (
    <FormModal
      title={`${words.title} of ${rules.length} ${rules.length === 1 ? 'rule' : 'rules'}`}
      submitText="Save to draft"
      isBusy={update.isPending}
      isDisabled={error !== null}
      error={update.error}
      onClose={onClose}
      onSubmit={() => update.mutate({ rules: changed })}
    >
      <TextInput label={words.label} type={words.type} value={typed} onChange={setTyped} error={error} note={words.note} autoFocus />
    </FormModal>
  );
}

/** What they have in common; '' where they differ. */
function commonText(rules: readonly Rule[], field: 'owner' | 'reviewOn'): string {
  const [first, ...more] = new Set(rules.map((rule) => rule[field] ?? ''));
  return more.length === 0 ? (first ?? '') : '';
}
