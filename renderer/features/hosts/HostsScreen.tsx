import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Download, PackagePlus, Plus, Server, Tags } from 'lucide-react';
import { useState } from 'react';
import type { HostView } from '../../../shared/contract/views.ts';
import { printLabels } from '../../../shared/text/label-text.ts';
import { api } from '../../api/client.ts';
import { Button } from '../../ui/Button.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { PageHead } from '../../ui/PageHead.tsx';
import { SearchInput } from '../../ui/SearchInput.tsx';
import { EmptyState, QueryState } from '../../ui/StateBlocks.tsx';
import { hostActions } from './host-actions.ts';
import { hostColumns } from './host-columns.tsx';
import { hostCommands } from './host-commands.ts';
import type { HostDialog } from './host-dialogs.ts';
import { HostDialogs } from './HostDialogs.tsx';

const contains = (host: HostView, text: string): boolean =>
  [host.name, host.zone ?? '', printLabels(host.labels), host.state, host.lastError?.title ?? '', ...host.addresses].some((field) =>
    field.toLowerCase().includes(text.toLowerCase()),
  );

/** The fleet: every host with its state, and the commands over one or many. */
export function HostsScreen() {
  const hosts = useQuery(api.hosts.list.queryOptions({ input: {} }));
  const [dialog, setDialog] = useState<HostDialog | null>(null);
  return (
    <div className="page">
      <PageHead title="Hosts" detail={hosts.data === undefined ? '' : `${hosts.data.length} in this workspace`}>
        <Button kind="primary" icon={Plus} onPress={() => setDialog({ kind: 'add' })} data-page-add>
          Add host
        </Button>
      </PageHead>
      <QueryState query={hosts} what="hosts">
        {(rows) => (rows.length === 0 ? <NoHosts onAdd={() => setDialog({ kind: 'add' })} /> : <HostList hosts={rows} open={setDialog} />)}
      </QueryState>
      <HostDialogs dialog={dialog} open={setDialog} />
    </div>
  );
}

function NoHosts({ onAdd }: { readonly onAdd: () => void }) {
  return (
    <EmptyState
      icon={Server}
      title="No hosts yet"
      action={
        <Button kind="primary" icon={Plus} onPress={onAdd}>
          Add the first host
        </Button>
      }
    >
      Add a Linux host that you reach over SSH. Then compare and trust its key, and install the agent: it records who talks to whom and blocks nothing.
    </EmptyState>
  );
}

function HostList({ hosts, open }: { readonly hosts: readonly HostView[]; readonly open: (dialog: HostDialog) => void }) {
  const [filter, setFilter] = useState('');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const navigate = useNavigate();
  const shown = filter === '' ? hosts : hosts.filter((host) => contains(host, filter));
  const choose = (name: string, isChosen: boolean) => setChosen((names) => new Set(isChosen ? [...names, name] : [...names].filter((each) => each !== name)));
  const chooseAll = (isChosen: boolean) => setChosen(new Set(isChosen ? shown.map((host) => host.name) : []));
  const columns = hostColumns({ chosen, choose, chooseAll, shown }, (host) => [
    { id: 'open', text: 'Open', run: () => void navigate({ to: '/hosts/$name', params: { name: host.name } }) },
    ...hostActions(host, open),
  ]);
  return (
    <>
      <div className="page-tools">
        <SearchInput label="Filter hosts" value={filter} onChange={setFilter} />
        <BulkActions hosts={hosts.filter((host) => chosen.has(host.name))} open={open} />
      </div>
      <div className="page-body flush">
        <DataTable
          label="Hosts"
          columns={columns}
          rows={shown}
          rowKey={(host) => host.id}
          isChosen={(host) => chosen.has(host.name)}
          empty={
            <EmptyState icon={Server} title="No host matches">
              Change or clear the filter.
            </EmptyState>
          }
        />
      </div>
    </>
  );
}

function BulkActions({ hosts, open }: { readonly hosts: readonly HostView[]; readonly open: (dialog: HostDialog) => void }) {
  if (hosts.length === 0) return <span className="muted">Select hosts to act on several at once.</span>;
  const names = hosts.filter((host) => host.ssh !== null).map((host) => host.name);
  return (
    <div className="row wrap grow" role="toolbar" aria-label="Selected hosts">
      <span className="strong">{hosts.length} selected</span>
      <Button small icon={PackagePlus} isDisabled={names.length === 0} onPress={() => void hostCommands.install(names)}>
        Install agent
      </Button>
      <Button small icon={Download} isDisabled={names.length === 0} onPress={() => void hostCommands.collect(names)}>
        Collect
      </Button>
      <Button small icon={Tags} onPress={() => open({ kind: 'labels', hosts })}>
        Edit labels
      </Button>
      <Button small isDisabled={names.length === 0} onPress={() => open({ kind: 'uninstall', names })}>
        Uninstall agent
      </Button>
      <Button small onPress={() => open({ kind: 'remove', hosts })}>
        Remove
      </Button>
    </div>
  );
}
