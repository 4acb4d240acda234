import { useQuery } from '@tanstack/react-query';
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { FileChooser } from '../../editors/FileChooser.tsx';
import { Button, IconButton } from '../../ui/Button.tsx';
import { Check } from '../../ui/Check.tsx';
import { FormModal } from '../../ui/FormModal.tsx';
import { useAudit } from './audit-store.ts';

type Adding = 'paths' | 'logs' | 'hostsPath' | 'templatesPath';
const ADDING: Readonly<Record<Adding, { readonly title: string; readonly label: string; readonly wants: 'file' | 'folder' | 'either'; readonly placeholder: string; readonly about: string }>> = {
  paths: {
    title: 'Add rules or an inventory',
    label: 'File or folder',
    wants: 'either',
    placeholder: '~/audit/rules',
    about: 'A file that “nft list ruleset”, “nft -j list ruleset” or “iptables-save” printed, named after its host; a folder of such files; or an Ansible inventory.',
  },
  logs: { title: 'Add a flow log', label: 'Flow log', wants: 'file', placeholder: '~/logs/conn.log.gz', about: 'To be held against the rules. Formats as for “Import logs” on the Flows screen; it is only read.' },
  hostsPath: { title: 'Addresses of hosts', label: 'File', wants: 'file', placeholder: '~/audit/hosts', about: 'Lines such as “10.0.0.5 web1”, as in /etc/hosts. Without an address no flow can be told to be a host’s.' },
  templatesPath: { title: 'Templates of the inventory', label: 'Folder', wants: 'folder', placeholder: '~/ansible/roles/nftables/templates', about: 'The nftables templates of the inventory’s role. Without them rules are what its variables say.' },
};

/** What an audit reads, of the machine that the console runs on. */
export function AuditSources() {
  const { query, change } = useAudit();
  const [adding, setAdding] = useState<Adding | null>(null);
  const bundles = useQuery(api.bundles.list.queryOptions({ input: {} }));
  const count = bundles.data?.length ?? 0;
  const without = (list: readonly string[], path: string) => list.filter((one) => one !== path);
  return (
    <>
      <Check isSelected={query.bundles} onChange={(isSelected) => change({ bundles: isSelected })}>
        Imported bundles and logs of this workspace ({count.toLocaleString('en')} {count === 1 ? 'bundle' : 'bundles'})
      </Check>
      <PathList title="Rules and inventories" paths={query.paths} addText="Add rules" onAdd={() => setAdding('paths')} onRemove={(path) => change({ paths: without(query.paths, path) })} />
      <PathList title="Flow logs" paths={query.logs} addText="Add a log" onAdd={() => setAdding('logs')} onRemove={(path) => change({ logs: without(query.logs, path) })} />
      <PathList title="Addresses of hosts" paths={query.hostsPath === null ? [] : [query.hostsPath]} addText={query.hostsPath === null ? 'Choose addresses' : null} onAdd={() => setAdding('hostsPath')} onRemove={() => change({ hostsPath: null })} />
      <PathList title="Templates of an inventory" paths={query.templatesPath === null ? [] : [query.templatesPath]} addText={query.templatesPath === null ? 'Choose templates' : null} onAdd={() => setAdding('templatesPath')} onRemove={() => change({ templatesPath: null })} />
      {adding === null ? null : (
        <AddPathDialog
          adding={adding}
          onClose={() => setAdding(null)}
          onAdd={(path) => {
            change(adding === 'paths' || adding === 'logs' ? { [adding]: [...without(query[adding], path), path] } : { [adding]: path });
            setAdding(null);
          }}
        />
      )}
    </>
  );
}

type ListProps = { readonly title: string; readonly paths: readonly string[]; readonly addText: string | null; readonly onAdd: () => void; readonly onRemove: (path: string) => void };

function PathList({ title, paths, addText, onAdd, onRemove }: ListProps) {
  return (
    <section className="stack tight" aria-label={title}>
      <h3>{title}</h3>
      {paths.length === 0 ? null : (
        <ul className="path-list">
          {paths.map((path) => (
            <li key={path} className="row">
              <span className="mono small truncate grow inert" title={path}>
                {path}
              </span>
              <IconButton label={`Take out ${path}`} icon={X} onPress={() => onRemove(path)} />
            </li>
          ))}
        </ul>
      )}
      {addText === null ? null : (
        <div className="row">
          <Button small icon={Plus} onPress={onAdd}>
            {addText}
          </Button>
        </div>
      )}
    </section>
  );
}

function AddPathDialog({ adding, onAdd, onClose }: { readonly adding: Adding; readonly onAdd: (path: string) => void; readonly onClose: () => void }) {
  const [path, setPath] = useState('');
  const { title, label, wants, placeholder, about } = ADDING[adding];
  return (
    <FormModal title={title} wide submitText="Add" isDisabled={path.trim() === ''} onClose={onClose} onSubmit={() => onAdd(path.trim())}>
      <p className="muted">{about}</p>
      <FileChooser files="any" wants={wants} label={label} placeholder={placeholder} value={path} onChange={setPath} />
    </FormModal>
  );
}
