import { useMutation } from '@tanstack/react-query';
import { FolderOpen } from 'lucide-react';
import { FileTrigger } from 'react-aria-components';
import { bytesText } from '../../shared/text/amount-text.ts';
import { Button } from './Button.tsx';
import { Note } from './Note.tsx';

export type OpenedFile = { readonly text: string; readonly fileName: string };
type Props = { readonly types: readonly string[]; readonly maxBytes: number; readonly onOpen: (file: OpenedFile) => void };

/** A text file of the person's, read by the page. One that is too long, or cannot be read, is told beside the button and gives nothing. `types`: endings with a dot. */
export function OpenFileButton({ types, maxBytes, onOpen }: Props) {
  const open = useMutation({ mutationFn: (file: File) => read(file, maxBytes), onSuccess: onOpen });
  const choose = (files: FileList | null) => {
    const first = files?.item(0);
    if (first) open.mutate(first);
  };
  return (
    <>
      <FileTrigger acceptedFileTypes={[...types]} onSelect={choose}>
        <Button icon={FolderOpen}>Open a file</Button>
      </FileTrigger>
      <div role="status">{open.error === null ? null : <Note kind="warning" title={open.error.message} />}</div>
    </>
  );
}

/** Before it is read: what the window will not carry to the backend would be waited for without an end. */
async function read(file: File, maxBytes: number): Promise<OpenedFile> {
  if (file.size > maxBytes) throw new Error(`${file.name} has ${bytesText(file.size)}; at most ${bytesText(maxBytes)} are taken.`);
  try {
    return { text: await file.text(), fileName: file.name };
  } catch (cause) {
    throw new Error(`${file.name} cannot be read. Check whether it is still there, and its permissions.`, { cause });
  }
}
