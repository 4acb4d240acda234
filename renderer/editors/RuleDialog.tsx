import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Rule } from '../../shared/model/policy.ts';
import { api } from '../api/client.ts';
import { FormModal } from '../ui/FormModal.tsx';
import { Segments } from '../ui/Segments.tsx';
import { PeerField } from './PeerField.tsx';
import { EMPTY_RULE_FORM, type RuleForm, readRuleForm } from './rule-form.ts';
import { RuleMetadataFields } from './RuleMetadataFields.tsx';
import { ServicesField } from './ServicesField.tsx';

type RuleDialogProps = {
  /** The rule to change, or null for a new one. */
  readonly ruleId: Rule['id'] | null;
  readonly initial?: Partial<RuleForm>;
  /** Where the prefilled text comes from, e.g. the flow that it was drafted from. */
  readonly basis?: string;
  readonly onClose: () => void;
};

const actions = [
  { value: 'allow', text: 'Allow' },
  { value: 'deny', text: 'Deny' },
] as const;

/** Adds or changes one rule of the draft. Both ends and the services are typed as text and read while typing; nothing is sent while one is wrong. */
export function RuleDialog({ ruleId, initial = {}, basis, onClose }: RuleDialogProps) {
  const [form, setForm] = useState<RuleForm>({ ...EMPTY_RULE_FORM, ...initial });
  const [wasSubmitted, setSubmitted] = useState(false);
  const set = (fields: Partial<RuleForm>) => setForm((current) => ({ ...current, ...fields }));
  const { rule, errors } = readRuleForm(form);
  const add = useMutation(api.policy.addRules.mutationOptions({ onSuccess: onClose }));
  const update = useMutation(api.policy.updateRule.mutationOptions({ onSuccess: onClose }));
  const submit = () => {
    setSubmitted(true);
    if (rule === null) return;
    if (ruleId === null) add.mutate({ rules: [rule] });
    else update.mutate({ ...rule, id: ruleId });
  };
  const shown = (field: keyof typeof errors) => (wasSubmitted || form[field] !== '' ? errors[field] : null);
  return (
    <FormModal
      title={ruleId === null ? 'Add a rule' : `Change rule ${ruleId}`}
      submitText={ruleId === null ? 'Add to draft' : 'Save to draft'}
      onSubmit={submit}
      onClose={onClose}
      isBusy={add.isPending || update.isPending}
      error={add.error ?? update.error}
    >
      {basis === undefined ? null : <p className="muted inert">{basis}</p>}
      <Segments label="Action" value={form.action} options={actions} onChange={(action) => set({ action })} />
      <PeerField label="From (consumers)" value={form.from} onChange={(from) => set({ from })} error={shown('from')} autoFocus />
      <PeerField label="To (providers)" value={form.to} onChange={(to) => set({ to })} error={shown('to')} />
      <ServicesField value={form.services} onChange={(services) => set({ services })} error={shown('services')} />
      <RuleMetadataFields form={form} set={set} />
    </FormModal>
  );
}
