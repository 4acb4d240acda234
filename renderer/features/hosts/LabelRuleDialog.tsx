import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { LabelPreview, LabelRuleView } from '../../../shared/contract/label-rules.ts';
import type { LabelRule } from '../../../shared/model/label-rule.ts';
import { api } from '../../api/client.ts';
import { Check } from '../../ui/Check.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { FormModal } from '../../ui/FormModal.tsx';
import { Note } from '../../ui/Note.tsx';
import { TextInput } from '../../ui/TextInput.tsx';
import { useSettled } from '../../ui/use-settled.ts';
import { EMPTY_LABEL_RULE, type LabelRuleTexts, readLabelRule, textsOf } from './label-rule-form.ts';
import { LabelPreviewBlock } from './LabelPreviewBlock.tsx';

type Props = { readonly rule: LabelRuleView | null; readonly onClose: () => void };

/** Adds a label rule, last in the order, or changes one. What it would do is shown while it is typed. */
export function LabelRuleDialog({ rule, onClose }: Props) {
  const [texts, setTexts] = useState<LabelRuleTexts>(rule === null ? EMPTY_LABEL_RULE : textsOf(rule));
  const [wasSubmitted, setSubmitted] = useState(false);
  // Whose word somebody looked at, as told then: another condition, or a host that says something new, is a new question.
  const [looked, setLooked] = useState<string | null>(null);
  const form = readLabelRule(texts, { isComplete: wasSubmitted });
  const edit = (of: Omit<LabelRule, 'id'>, accept: readonly string[]) => ({ kind: 'put' as const, id: rule?.id ?? null, rule: of, position: null, accept: [...accept] });
  const settled = useSettled(texts, 250);
  const previewed = settled === texts ? form.rule : readLabelRule(settled, { isComplete: false }).rule;
  // Who would wait is asked with nobody accepted, so that the question stays when it is answered with yes.
  const cautious = useQuery({ ...api.labelRules.preview.queryOptions({ input: edit(previewed ?? NOTHING, []) }), enabled: previewed !== null });
  const waiting = cautious.data?.waiting ?? [];
  const asked = waiting.map(({ hostName, because }) => `${hostName}: ${because}`).join('\n');
  const isAccepting = looked === asked;
  const accept = isAccepting ? waiting.map(({ hostName }) => hostName) : [];
  const trusting = useQuery({ ...api.labelRules.preview.queryOptions({ input: edit(previewed ?? NOTHING, accept) }), enabled: previewed !== null && accept.length > 0 });
  const preview = accept.length > 0 ? trusting : cautious;
  const apply = useMutation(api.labelRules.apply.mutationOptions({ onSuccess: onClose }));
  const change = (fields: Partial<LabelRuleTexts>) => {
    setTexts((current) => ({ ...current, ...fields }));
    // What was refused was another rule; its sentence would stand in for the one about this.
    if (apply.isError) apply.reset();
  };
  const submit = () => {
    setSubmitted(true);
    if (form.rule !== null && settled === texts && preview.data !== undefined) apply.mutate(edit(form.rule, accept));
  };
  return (
    <FormModal
      title={rule === null ? 'Add a label rule' : `Change label rule ${rule.number}`}
      submitText={rule === null ? 'Add label rule' : 'Save label rule'}
      wide
      isBusy={apply.isPending}
      isDisabled={form.rule !== null && (settled !== texts || preview.data === undefined)}
      error={apply.error}
      onClose={onClose}
      onSubmit={submit}
    >
      <RuleFields texts={texts} errors={form.errors} onChange={change} />
      {preview.error === null || !apply.isIdle ? null : <ErrorNote error={preview.error} />}
      {form.rule === null ? null : <WaitingHosts waiting={waiting} isAccepting={isAccepting} onChange={(isSelected) => setLooked(isSelected ? asked : null)} />}
      {preview.isLoading ? <p className="muted">Looking at what it would change …</p> : null}
      {form.rule === null || preview.data === undefined ? null : <LabelPreviewBlock preview={preview.data} />}
    </FormModal>
  );
}

/** Never sent: stands in for the input of a question that is not asked. */
const NOTHING: Omit<LabelRule, 'id'> = { labels: {}, names: null, networks: null, facts: null, note: '' };

type FieldsProps = { readonly texts: LabelRuleTexts; readonly errors: ReturnType<typeof readLabelRule>['errors']; readonly onChange: (change: Partial<LabelRuleTexts>) => void };

function RuleFields({ texts, errors, onChange }: FieldsProps) {
  return (
    <>
      <TextInput label="Name fits" value={texts.names} onChange={(names) => onChange({ names })} error={errors.names} mono autoFocus placeholder="{env}-{role}-*" note="* any characters · ? one · # digits · {word} letters and digits · several: with commas" />
      <div className="field-pair">
        <TextInput label="Address in" value={texts.networks} onChange={(networks) => onChange({ networks })} error={errors.networks} mono placeholder="10.0.0.0/8" note="several: with commas" />
        <TextInput label="Says of itself" value={texts.facts} onChange={(facts) => onChange({ facts })} error={errors.facts} mono placeholder="os=debian|ubuntu, listens=tcp/5432" note="os, os-version, kernel, arch, listens, publishes, process, unit, timer, interface, firewall, secure-boot, disk, updates, edr" />
      </div>
      <TextInput label="Gives labels" value={texts.labels} onChange={(labels) => onChange({ labels })} error={errors.labels} mono isRequired placeholder="role={role} env={env}" note="key=value; {word} takes over what the name pattern found" />
      <TextInput label="Note" value={texts.note} onChange={(note) => onChange({ note })} error={errors.note} />
      <p className="small muted">All conditions that are filled in must hold. What was set by hand, and rules further up, win.</p>
    </>
  );
}

type WaitingProps = { readonly waiting: LabelPreview['waiting']; readonly isAccepting: boolean; readonly onChange: (isAccepting: boolean) => void };

/** Hosts can say what they like, so that taking them at their word is a decision of its own. */
function WaitingHosts({ waiting, isAccepting, onChange }: WaitingProps) {
  if (waiting.length === 0) return null;
  return (
    <Note kind="warning" title={`${waiting.length} ${waiting.length === 1 ? 'host fulfils' : 'hosts fulfil'} this only by what ${waiting.length === 1 ? 'it says' : 'they say'}`}>
      {/* All of them: nobody is to accept what was not shown. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (axe scrollable-region-focusable) */}
      <div className="waiting-hosts" role="region" aria-label="What they say" tabIndex={0}>
        <ul className="stack tight small inert">
          {waiting.map(({ hostName, because }) => (
            <li key={hostName}>
              <span className="strong">{hostName}</span>: {because}
            </li>
          ))}
        </ul>
      </div>
      <p className="note-hint">A host that somebody has broken into says what it likes. The rule counts there once you accept it, now or later.</p>
      <Check isSelected={isAccepting} onChange={onChange}>
        I looked: take {waiting.length === 1 ? 'it' : 'them'} at {waiting.length === 1 ? 'its' : 'their'} word
      </Check>
    </Note>
  );
}
