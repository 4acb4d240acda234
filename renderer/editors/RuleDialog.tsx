import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Rule } from '../../shared/model/policy.ts';
import { api } from '../api/client.ts';
import { FormModal } from '../ui/FormModal.tsx';
import { Segments } from '../ui/Segments.tsx';
import { PeerField } from './PeerField.tsx';
import { EMPTY_RULE_FORM, formOfRule, type RuleForm, readRuleForm } from './rule-form.ts';
import { RuleIdentityFields } from './RuleIdentityFields.tsx';
import { RuleMetadataFields } from './RuleMetadataFields.tsx';
import { ServicesField } from './ServicesField.tsx';

type RuleDialogProps = {
  /** The rule to change, or null for a new one. */
  readonly changed: Rule | null;
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
export function RuleDialog({ changed, initial = {}, basis, onClose }: RuleDialogProps) {
  const [form, setForm] = useState<RuleForm>({ ...(changed === null ? EMPTY_RULE_FORM : formOfRule(changed)), ...initial });
  const [wasSubmitted, setSubmitted] = useState(false);
  const set = (fields: Partial<RuleForm>) => setForm((current) => ({ ...current, ...fields }));
  const { rule, errors } = readRuleForm(form, changed);
  const add = useMutation(api.policy.addRules.mutationOptions({ onSuccess: onClose }));
  const update = useMutation(api.policy.updateRule.mutationOptions({ onSuccess: onClose }));
  const submit = () => {
    setSubmitted(true);
    if (rule === null) return;
    if (changed === null) add.mutate({ rules: [rule] });
    else update.mutate({ ...rule, id: changed.id });
  };
  const shown = (field: 'from' | 'to' | 'services' | 'schedule') => (wasSubmitted || form[field] !== '' ? errors[field] : null);
  return (
    <FormModal
      title={changed === null ? 'Add a rule' : `Change rule ${changed.id}`}
      submitText={changed === null ? 'Add to draft' : 'Save to draft'}
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
      <RuleIdentityFields form={form} set={set} errors={errors} />
      <RuleMetadataFields form={form} set={set} scheduleError={shown('schedule')} />
      {wasSubmitted && errors.other !== null ? <p className="field-error">{errors.other}</p> : null}
    </FormModal>
  );
}
