import { useMutation, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { LabelEdit } from '../../../shared/contract/label-rules.ts';
import { api } from '../../api/client.ts';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { FormModal } from '../../ui/FormModal.tsx';
import { LabelPreviewBlock } from './LabelPreviewBlock.tsx';

type Props = { readonly title: string; readonly submitText: string; readonly edit: LabelEdit; readonly isDanger?: boolean; readonly onClose: () => void; readonly children: ReactNode };

/** One edit that needs nothing typed (remove a rule, accept what a host says), with what it would do. */
export function LabelEditDialog({ title, submitText, edit, isDanger = false, onClose, children }: Props) {
  const preview = useQuery(api.labelRules.preview.queryOptions({ input: edit }));
  const apply = useMutation(api.labelRules.apply.mutationOptions({ onSuccess: onClose }));
  return (
    <FormModal title={title} submitText={submitText} isDanger={isDanger} wide isBusy={apply.isPending} isDisabled={preview.data === undefined} error={apply.error} onClose={onClose} onSubmit={() => apply.mutate(edit)}>
      {children}
      {/* Once it is applied there is nothing left to preview. */}
      {preview.error === null || !apply.isIdle ? null : <ErrorNote error={preview.error} />}
      {preview.isLoading ? <p className="muted">Looking at what it would change …</p> : null}
      {preview.data === undefined ? null : <LabelPreviewBlock preview={preview.data} />}
    </FormModal>
  );
}
