import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { HostView } from '../../../shared/contract/views.ts';
import type { Labels } from '../../../shared/model/label.ts';
import { parseLabels, printLabels } from '../../../shared/text/label-text.ts';
import { client } from '../../api/client.ts';
import { issueText } from '../../editors/typed-text.ts';
import { FormModal } from '../../ui/FormModal.tsx';
import { TextInput } from '../../ui/TextInput.tsx';

type Props = { readonly hosts: readonly HostView[]; readonly onClose: () => void };

/** Labels that every one of the hosts has, with the same value. */
function commonLabels(hosts: readonly HostView[]): Labels {
  const [first, ...rest] = hosts;
  return Object.fromEntries(Object.entries(first?.labels ?? {}).filter(([key, value]) => rest.every((host) => host.labels[key] === value)));
}

/** Edits one host's labels, or the ones that several have in common; labels in which they differ stay as they are. */
export function LabelsDialog({ hosts, onClose }: Props) {
  const before = commonLabels(hosts);
  const [text, setText] = useState(printLabels(before).replaceAll(',', ' '));
  const labels = parseLabels(text);
  const save = useMutation({
    mutationFn: async (after: Labels) => {
      const removed = Object.keys(before).filter((key) => !Object.hasOwn(after, key));
      const change = { ...after, ...Object.fromEntries(removed.map((key) => [key, null])) };
      for (const host of hosts) await client.hosts.label({ name: host.name, labels: change });
    },
    onSuccess: onClose,
  });
  const only = hosts.length === 1 ? hosts[0] : undefined;
  return (
    <FormModal
      title={only === undefined ? `Labels of ${hosts.length} hosts` : `Labels of ${only.name}`}
      submitText="Save labels"
      isDisabled={!labels.ok}
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
            : 'key=value, separated by spaces or commas. Zones and rules follow at once, in the draft.'
        }
      />
    </FormModal>
  );
}
