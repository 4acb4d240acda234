import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { HostView } from '../../../shared/contract/views.ts';
import type { Labels } from '../../../shared/model/label.ts';
import { countText } from '../../../shared/text/amount-text.ts';
import { parseLabels, printLabels } from '../../../shared/text/label-text.ts';
import { client } from '../../api/client.ts';
import { issueText } from '../../editors/typed-text.ts';
import { FormModal } from '../../ui/FormModal.tsx';
import { TextInput } from '../../ui/TextInput.tsx';

type Props = { readonly hosts: readonly HostView[]; readonly onClose: () => void };

/** Labels that were set by hand on every one of the hosts, to the same value. */
function commonLabels(hosts: readonly HostView[]): Labels {
  const [first, ...rest] = hosts;
  return Object.fromEntries(Object.entries(first?.handLabels ?? {}).filter(([key, value]) => rest.every((host) => host.handLabels[key] === value)));
}

/** Those of label rules are not edited here; setting the same key by hand wins over them. */
function fromRules(host: HostView): string {
  const given = Object.entries(host.labels).filter(([key]) => !Object.hasOwn(host.handLabels, key));
  return given.length === 0 ? '' : ` From label rules: ${given.map(([key, value]) => `${key}=${value}`).join(' ')}; a label set here wins over them.`;
}

/** Keys, separated by spaces or commas, that at least one of the hosts has by hand; anything else is a typing error. */
function readKeys(text: string, hosts: readonly HostView[]): { readonly keys: readonly string[]; readonly error: string | null } {
  const keys = text.split(/[\s,]+/).filter((key) => key !== '');
  const missing = keys.find((key) => !hosts.some((host) => Object.hasOwn(host.handLabels, key)));
  return { keys, error: missing === undefined ? null : `none of these hosts has the label “${missing}” by hand; write keys only, like loc` };
}

/** Which labels set by hand they do not have in common, so that somebody can level them. */
function differing(hosts: readonly HostView[]): string {
  const common = commonLabels(hosts);
  const keys = [...new Set(hosts.flatMap((host) => Object.keys(host.handLabels)))].filter((key) => !Object.hasOwn(common, key));
  return keys.length === 0 ? 'They have all their labels in common.' : `They differ in: ${keys.join(', ')}. Set one above to give all the same value, or take it away here.`;
}

/** Edits one host's labels set by hand, or the ones that several have in common; labels in which they differ stay as they are. */
export function LabelsDialog({ hosts, onClose }: Props) {
  const before = commonLabels(hosts);
  const [text, setText] = useState(printLabels(before).replaceAll(',', ' '));
  const labels = parseLabels(text);
  const [goneText, setGoneText] = useState('');
  const gone = readKeys(goneText, hosts);
  const save = useMutation({
    mutationFn: async (after: Labels) => {
      const removed = [...Object.keys(before), ...gone.keys].filter((key) => !Object.hasOwn(after, key));
      const change = { ...after, ...Object.fromEntries(removed.map((key) => [key, null])) };
      for (const host of hosts) await client.hosts.label({ name: host.name, labels: change });
    },
    onSuccess: onClose,
  });
  const only = hosts.length === 1 ? hosts[0] : undefined;
  return (
    <FormModal
      title={only === undefined ? `Labels of ${countText(hosts.length, 'host')}` : `Labels of ${only.name}`}
      submitText="Save labels"
      isDisabled={!labels.ok || gone.error !== null}
      isBusy={save.isPending}
      error={save.error}
      onClose={onClose}
      onSubmit={() => labels.ok && save.mutate(labels.value)}
    >
      <TextInput
        label={only === undefined ? 'Labels in common' : 'Labels'}
        value={text}
        onChange={setText}
        error={issueText(labels)}
        mono
        rows={3}
        autoFocus
        placeholder="role=web app=shop env=prod loc=fra"
        note={
          only === undefined
            ? 'Labels in which these hosts differ are not shown and stay as they are.'
            : `key=value, separated by spaces or commas. Zones and rules follow at once, in the draft.${fromRules(only)}`
        }
      />
      {only === undefined ? (
        <TextInput
          label="Take these keys away"
          value={goneText}
          onChange={setGoneText}
          error={gone.error}
          mono
          placeholder="loc rack"
          note={differing(hosts)}
        />
      ) : null}
    </FormModal>
  );
}
