import { useQuery } from '@tanstack/react-query';
import { CornerLeftUp, File, Folder } from 'lucide-react';
import { useState } from 'react';
import type { FolderFiles, FolderView } from '../../shared/contract/workspaces.ts';
import { bytesText } from '../../shared/text/amount-text.ts';
import { api } from '../api/client.ts';
import { Button } from '../ui/Button.tsx';
import { QueryState } from '../ui/StateBlocks.tsx';
import { TextInput } from '../ui/TextInput.tsx';
import { TimeAgo } from '../ui/TimeAgo.tsx';

/** `folder`: a folder is what is wanted, and files are only shown; `either`: whatever is taken. */
type Wanted = 'file' | 'folder' | 'either';
type Props = { readonly label: string; readonly placeholder: string; readonly value: string; readonly onChange: (path: string) => void; readonly files: FolderFiles; readonly wants?: Wanted };

const NONE: Readonly<Record<FolderFiles, string>> = { workspaces: 'No workspace or backup in this folder.', any: 'No file in this folder.' };

const NOTES: Readonly<Record<FolderFiles, string>> = { workspaces: 'Type a path, or choose below. A bare name lies beside the open workspace.', any: 'Type a whole path, or choose below.' };

/** A file of the machine that the console runs on: typed, or found by walking through folders. With `workspaces` only those and their backups are listed; any file can be typed. */
export function FileChooser({ label, placeholder, value, onChange, files, wants = 'file' }: Props) {
  const [folder, setFolder] = useState<string | null>(null);
  const listing = useQuery({ ...api.workspace.folder.queryOptions({ input: { path: folder, files } }), staleTime: 0, gcTime: 0, placeholderData: (previous) => previous });
  return (
    <>
      <TextInput label={label} value={value} onChange={onChange} mono autoFocus placeholder={placeholder} note={NOTES[files]} />
      <QueryState query={listing} what="the folder">
        {(view) => <FolderList view={view} value={value} none={NONE[files]} onFolder={setFolder} onFile={onChange} wants={wants} />}
      </QueryState>
    </>
  );
}

type ListProps = { readonly view: FolderView; readonly value: string; readonly none: string; readonly onFolder: (path: string) => void; readonly onFile: (path: string) => void; readonly wants: Wanted };

function FolderList({ view: { path, parent, entries, more }, value, none, onFolder, onFile, wants }: ListProps) {
  return (
    <section className="folder" aria-label="Folder">
      <div className="folder-path row">
        <p className="mono small truncate grow" title={path}>
          {path}
        </p>
        {wants === 'file' ? null : (
          <Button small isDisabled={value === path} onPress={() => onFile(path)}>
            Choose this folder
          </Button>
        )}
      </div>
      <ul className="folder-list">
        {parent === null ? null : (
          <li>
            <button type="button" onClick={() => onFolder(parent)}>
              <CornerLeftUp size={14} aria-hidden />
              <span className="grow">Up one folder</span>
            </button>
          </li>
        )}
        {entries.map((entry) => (
          <li key={entry.path}>
            <button type="button" disabled={wants === 'folder' && entry.kind === 'file'} aria-pressed={entry.kind === 'file' && wants !== 'folder' ? entry.path === value : undefined} onClick={() => (entry.kind === 'folder' ? onFolder(entry.path) : onFile(entry.path))}>
              {entry.kind === 'folder' ? <Folder size={14} aria-hidden /> : <File size={14} aria-hidden />}
              <span className="grow truncate inert">{entry.name}</span>
              {entry.bytes === null ? null : (
                <span className="muted small number">
                  {bytesText(entry.bytes)}, <TimeAgo atMs={entry.changedAtMs} />
                </span>
              )}
            </button>
          </li>
        ))}
      </ul>
      {wants === 'folder' || entries.some(({ kind }) => kind === 'file') ? null : <p className="muted small folder-note">{none}</p>}
      {more === 0 ? null : <p className="muted small folder-note">{more} more are not shown; type the path.</p>}
    </section>
  );
}
