import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { api } from '../api/client.ts';
import { Check } from '../ui/Check.tsx';
import { FormModal } from '../ui/FormModal.tsx';
import { TextInput } from '../ui/TextInput.tsx';
import { useNowMs } from '../ui/TimeAgo.tsx';
import { ExplainAnswer } from './ExplainAnswer.tsx';
import { EMPTY_EXPLAIN, type ExplainForm, readExplainForm } from './explain-form.ts';

const ENDS = 'a host, an address, or several: role=web · zone:NAME · iplist:NAME · 10.0.0.0/8 · any';

/** Asks what the draft does with a connection, and shows why, what the kernels counted for it and when it was really seen. `asksAtOnce`: with what it was opened with. */
export function ExplainDialog({ initial, onClose, asksAtOnce = false }: { readonly initial: Partial<ExplainForm>; readonly onClose: () => void; readonly asksAtOnce?: boolean }) {
  const [form, setForm] = useState<ExplainForm>({ ...EMPTY_EXPLAIN, ...initial });
  const explained = useMutation(api.policy.explain.mutationOptions());
  const set = (fields: Partial<ExplainForm>) => {
    setForm((current) => ({ ...current, ...fields }));
    // The answer does not say what was asked, and would stand under another question.
    explained.reset();
  };
  const { query, errors } = readExplainForm(form, useNowMs());
  // The question of a seen flow is whole already: who pressed “why?” wants the answer and no form.
  const first = useRef(asksAtOnce ? query : null);
  const { mutate } = explained;
  useEffect(() => {
    if (first.current !== null) mutate(first.current);
    first.current = null;
  }, [mutate]);
  return (
    <FormModal
      title="Explain a connection"
      submitText="Explain"
      wide
      isDisabled={query === null}
      isBusy={explained.isPending}
      error={explained.error}
      onClose={onClose}
      onSubmit={() => query !== null && explained.mutate(query)}
    >
      <div className="field-pair">
        <TextInput label="From" value={form.from} onChange={(from) => set({ from })} mono isRequired autoFocus note={ENDS} />
        <TextInput label="To" value={form.to} onChange={(to) => set({ to })} mono isRequired note="likewise; of several pairs the worst is explained" />
      </div>
      <TextInput label="Service" value={form.service} onChange={(service) => set({ service })} error={errors.service} mono isRequired placeholder="tcp/5432" />
      <div className="field-pair">
        <TextInput label="Sent by" value={form.as} onChange={(as) => set({ as })} error={errors.as} mono placeholder="user:backup, unit:cron.service" note="Empty: not known." />
        <TextInput label="At" value={form.at} onChange={(at) => set({ at })} error={errors.at} mono placeholder="Mon 03:00 Europe/Berlin" note="Empty: now." />
      </div>
      <Check isSelected={form.live} onChange={(live) => set({ live })}>
        Read the counters of the deciding rules from the kernels now, over SSH
      </Check>
      {explained.data === undefined ? null : <ExplainAnswer answer={explained.data} />}
    </FormModal>
  );
}
