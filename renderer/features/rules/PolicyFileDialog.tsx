import { useMutation, useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import type { ImportChoice } from '../../../shared/contract/policy-files.ts';
import { api } from '../../api/client.ts';
import { hasCode } from '../../api/error-sentence.ts';
import { Button } from '../../ui/Button.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { FormModal } from '../../ui/FormModal.tsx';
import { OpenFileButton } from '../../ui/OpenFileButton.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { TextInput } from '../../ui/TextInput.tsx';
import { ImportPreview } from './ImportPreview.tsx';

const SIDES: readonly { readonly value: ImportChoice; readonly text: string }[] = [
  { value: 'merge', text: 'Both sides’ edits; refuse what both changed' },
  { value: 'ours', text: 'Both sides’ edits; of what both changed the draft’s' },
  { value: 'theirs', text: 'Both sides’ edits; of what both changed the file’s' },
  { value: 'replace', text: 'The file as it is' },
];

/** More than this the window does not carry once it is written as JSON (`MAX_MESSAGE_CHARS` of main/rpc/port.ts). */
const MAX_FILE_BYTES = 30 * 1024 * 1024;

/** The draft as one YAML file: save it, or take an edited one, which is checked while it is typed and compared with the draft before it is taken. */
export function PolicyFileDialog({ onClose }: { readonly onClose: () => void }) {
  const [file, setFile] = useState({ text: '', fileName: 'policy.yaml' });
  const [take, setTake] = useState<ImportChoice>('merge');
  const checked = useDeferredValue(file);
  const isTyped = checked.text.trim() !== '';
  const preview = useQuery({ ...api.policy.importText.queryOptions({ input: { ...checked, take, dryRun: true } }), enabled: isTyped, gcTime: 0, placeholderData: (previous) => previous });
  const save = useMutation(api.policy.exportText.mutationOptions({ onSuccess: ({ text }) => saveFile('policy.yaml', new Blob([text], { type: 'application/yaml' })) }));
  const importFile = useMutation(api.policy.importText.mutationOptions({ onSuccess: onClose }));
  const isCurrent = checked === file && !preview.isFetching && preview.error === null;
  const isMergeRefused = hasCode(preview.error, 'MERGE_CONFLICT') || hasCode(preview.error, 'MERGE_BASE_UNKNOWN');
  return (
    <FormModal
      title="Policy as a file"
      wide
      submitText="Make it the draft"
      isBusy={importFile.isPending}
      isDisabled={!isTyped || !isCurrent}
      error={importFile.error}
      onClose={onClose}
      onSubmit={() => importFile.mutate({ ...file, take, dryRun: false })}
    >
      <div className="row">
        <Button icon={Download} isDisabled={save.isPending} onPress={() => save.mutate({})}>
          Save the draft as YAML
        </Button>
        <OpenFileButton types={['.yaml', '.yml']} maxBytes={MAX_FILE_BYTES} onOpen={setFile} />
      </div>
      {save.error === null ? null : <ErrorNote error={save.error} />}
      <TextInput label="Policy file" mono rows={14} value={file.text} onChange={(text) => setFile({ ...file, text })} placeholder="firebreak: 1" note="Paste an edited export, or open one. Comments are kept." />
      {isMergeRefused || take !== 'merge' ? <Choice label="The draft changed since the export: take" value={take} options={[...SIDES]} onChange={setTake} /> : null}
      {isTyped ? <ImportPreview result={preview.data} error={preview.error} /> : null}
    </FormModal>
  );
}
