import { useState } from 'react';
import { MAX_LIST_CHARS } from '../../../shared/contract/host-imports.ts';
import { FileChooser } from '../../editors/FileChooser.tsx';
import { Button } from '../../ui/Button.tsx';
import { OpenFileButton } from '../../ui/OpenFileButton.tsx';
import { TextInput } from '../../ui/TextInput.tsx';
import { ColumnMeanings } from './ColumnMeanings.tsx';
import type { ImportFieldProps } from './import-form.ts';
import { LabelSourcesField } from './LabelSourcesField.tsx';
import { ProbeFields } from './ProbeFields.tsx';

/** What has to be said of each kind of source before it can be read. */
export function ImportSourceFields(props: ImportFieldProps) {
  const { form, set } = props;
  switch (form.kind) {
    case 'csv':
      return <CsvFields {...props} />;
    case 'ssh-config':
      return (
        <PathFields
          label="SSH configuration"
          placeholder="~/.ssh/config"
          wants="file"
          about="Hosts with their ports, users, keys and jump hosts, as ssh itself would reach them, included files too. Patterns are no hosts, and no command of the file is run."
          path={form.sshPath}
          onPath={(sshPath) => set({ sshPath })}
        />
      );
    case 'ansible':
      return (
        <>
          <PathFields
            label="Inventory"
            placeholder="/home/me/ansible/inventory"
            wants="either"
            about="An INI or YAML file, or a folder of them, with group_vars and host_vars beside it. No script and no plugin is run, nothing is decrypted, and passwords are not taken."
            path={form.inventoryPath}
            onPath={(inventoryPath) => set({ inventoryPath })}
          />
          {form.inventoryPath === '' ? null : <LabelSourcesField {...props} />}
        </>
      );
    case 'probe':
      return <ProbeFields {...props} />;
  }
}

function CsvFields({ form, set, result }: ImportFieldProps) {
  return (
    <>
      <div className="row">
        <OpenFileButton types={['.csv', '.tsv', '.txt']} maxBytes={MAX_LIST_CHARS} onOpen={({ text, fileName }) => set({ text, fileName, columns: [] })} />
      </div>
      <TextInput
        label="List of hosts (CSV)"
        mono
        rows={8}
        value={form.text}
        onChange={(text) => set({ text })}
        placeholder={'name,address,role,env'}
        note="The first line names the columns: name, and address or ssh ([USER@]HOST[:PORT], with identity, sudo and jump). Every other column becomes a label; what a label cannot have is written as -."
      />
      {result === null || result.columns.length === 0 ? null : <ColumnMeanings columns={result.columns} choices={form.columns} onChange={(columns) => set({ columns })} />}
    </>
  );
}

type PathProps = { readonly label: string; readonly placeholder: string; readonly wants: 'file' | 'either'; readonly about: string; readonly path: string; readonly onPath: (path: string) => void };

/** A path is looked at when somebody says so, and not while it is typed. */
function PathFields({ label, placeholder, wants, about, path, onPath }: PathProps) {
  const [typed, setTyped] = useState(path);
  if (path !== '') {
    return (
      <div className="row">
        <p className="mono small truncate grow inert" title={path}>
          {path}
        </p>
        <Button small onPress={() => onPath('')}>
          Choose another
        </Button>
      </div>
    );
  }
  return (
    <>
      <p className="muted">{about}</p>
      <FileChooser files="any" wants={wants} label={label} placeholder={placeholder} value={typed} onChange={setTyped} />
      <div className="row">
        <Button isDisabled={typed.trim() === ''} onPress={() => onPath(typed.trim())}>
          Look at it
        </Button>
      </div>
    </>
  );
}
