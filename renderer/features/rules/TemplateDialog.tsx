import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Template } from '../../../shared/policy/template.ts';
import { api } from '../../api/client.ts';
import { Choice } from '../../ui/Choice.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { FormModal } from '../../ui/FormModal.tsx';
import { Modal } from '../../ui/Modal.tsx';
import { QueryState } from '../../ui/StateBlocks.tsx';
import { TextInput } from '../../ui/TextInput.tsx';
import { useSettled } from '../../ui/use-settled.ts';
import { readTemplateFields, type TemplateTexts } from './template-form.ts';
import { TemplateFields } from './TemplateFields.tsx';
import { TemplatePreview } from './TemplatePreview.tsx';

const TITLE = 'Add from a template';

/** Rules, services and tests for what most sites run. What would be added is shown while the parameters are typed. */
export function TemplateDialog({ onClose }: { readonly onClose: () => void }) {
  const templates = useQuery(api.templates.list.queryOptions({ input: {} }));
  const [name, setName] = useState<string | null>(null);
  const chosen = templates.data?.find((template) => template.name === name) ?? templates.data?.[0];
  if (templates.data === undefined || chosen === undefined) {
    return (
      <Modal title={TITLE} onClose={onClose} wide>
        <div className="modal-body">
          <QueryState query={templates} what="templates">
            {() => <p>No template was found beside this console; install it again.</p>}
          </QueryState>
        </div>
      </Modal>
    );
  }
  // What was typed for one template means nothing to another, so each has a form of its own.
  return <TemplateForm key={chosen.name} templates={templates.data} template={chosen} onChoose={setName} onClose={onClose} />;
}

type FormProps = { readonly templates: readonly Template[]; readonly template: Template; readonly onChoose: (name: string) => void; readonly onClose: () => void };

function TemplateForm({ templates, template, onChoose, onClose }: FormProps) {
  const [texts, setTexts] = useState<TemplateTexts>({});
  const [owner, setOwner] = useState('');
  const [ticket, setTicket] = useState('');
  const fields = readTemplateFields(template, texts);
  const isGood = fields.every((field) => field.error === null);
  // The preview runs the template's tests over the fleet, which is too much for each key.
  const settled = useSettled(texts, 300);
  const isPreviewed = settled === texts && isGood;
  const preview = useQuery({ ...api.templates.preview.queryOptions({ input: { name: template.name, values: { ...settled } } }), enabled: isPreviewed, placeholderData: (previous) => previous });
  const apply = useMutation(api.templates.apply.mutationOptions({ onSuccess: onClose }));
  const added = preview.data?.items.filter((item) => item.state === 'new').length ?? 0;
  return (
    <FormModal
      title={TITLE}
      submitText="Add to draft"
      wide
      isBusy={apply.isPending}
      isDisabled={!isPreviewed || added === 0 || preview.isPlaceholderData}
      error={apply.error}
      onClose={onClose}
      onSubmit={() => apply.mutate({ name: template.name, values: { ...texts }, owner: owner.trim(), ticket: ticket.trim() })}
    >
      <Choice label="Template" value={template.name} options={templates.map(({ name, title }) => ({ value: name, text: title }))} onChange={onChoose} />
      <p>{template.purpose}</p>
      <TemplateFields fields={fields} onChange={(name, text) => setTexts((current) => ({ ...current, [name]: text }))} />
      <div className="field-pair">
        <TextInput label="Owner" value={owner} onChange={setOwner} />
        <TextInput label="Ticket" value={ticket} onChange={setTicket} />
      </div>
      {preview.error === null ? null : <ErrorNote error={preview.error} />}
      {preview.data === undefined ? null : <TemplatePreview outcome={preview.data} />}
      <section className="stack tight" aria-label="Not covered">
        <h3>Not covered</h3>
        <ul className="stack tight small muted">
          {template.limits.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      </section>
    </FormModal>
  );
}
