import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { ClipboardCheck, Download, FileInput, PackagePlus, Plus, Rocket, Server, Tags, WandSparkles } from 'lucide-react';
import { useState } from 'react';
import type { HostView } from '../../../shared/contract/views.ts';
import { api } from '../../api/client.ts';
import { Button } from '../../ui/Button.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { PageHead } from '../../ui/PageHead.tsx';
import { EmptyState, QueryFailure, QueryState } from '../../ui/StateBlocks.tsx';
import { useNowMs } from '../../ui/TimeAgo.tsx';
import { containmentsOf } from '../../editors/containment-time.ts';
import { hostActions } from './host-actions.ts';
import { filterHosts } from './host-search.ts';
import { HostFilters } from './HostFilters.tsx';
import { hostColumns } from './host-columns.tsx';
import { hostCommands } from './host-commands.ts';
import type { HostDialog } from './host-dialogs.ts';
import { HostDialogs } from './HostDialogs.tsx';
import { ImportHostsDialog } from './ImportHostsDialog.tsx';
import { LabelRulesPanel } from './LabelRulesPanel.tsx';
import { LockedKeysNote } from './LockedKeysNote.tsx';

/** The fleet: every host with its state, and the commands over one or many. */
export function HostsScreen() {
  const hosts = useQuery(api.hosts.list.queryOptions({ input: {} }));
  const search = useSearch({ from: '/hosts' });
  const navigate = useNavigate({ from: '/hosts' });
  const [dialog, setDialog] = useState<HostDialog | null>(null);
  const [isLabelling, setLabelling] = useState(false);
  const openImport = () => void navigate({ search: (current) => ({ ...current, ask: 'import' as const }) });
  return (
    <div className="page">
      <PageHead title="Hosts" detail={hosts.data === undefined ? '' : `${hosts.data.length.toLocaleString('en')} in this workspace`}>
        <Button icon={WandSparkles} onPress={() => setLabelling((isOpen) => !isOpen)} aria-expanded={isLabelling}>
          Label rules
        </Button>
        <Button icon={FileInput} onPress={openImport}>
          Import hosts
        </Button>
        <Button kind="primary" icon={Plus} onPress={() => setDialog({ kind: 'add' })} data-page-add>
          Add host
        </Button>
      </PageHead>
      <div className="split">
        <QueryState query={hosts} what="hosts">
          {(rows) => <div className="split-main">{rows.length === 0 ? <NoHosts onAdd={() => setDialog({ kind: 'add' })} onImport={openImport} /> : <HostList hosts={rows} open={setDialog} />}</div>}
        </QueryState>
        {isLabelling ? <LabelRulesPanel onClose={() => setLabelling(false)} /> : null}
      </div>
      {search.ask === 'import' ? <ImportHostsDialog onClose={() => void navigate({ search: ({ ask: _, ...filters }) => filters, replace: true })} /> : null}
      <HostDialogs dialog={dialog} open={setDialog} />
    </div>
  );
}

function NoHosts({ onAdd, onImport }: { readonly onAdd: () => void; readonly onImport: () => void }) {
  return (
    <EmptyState
      icon={Server}
      title="No hosts yet"
      action={
        <div className="row">
          <Button kind="primary" icon={Plus} onPress={onAdd}>
            Add the first host
          </Button>
          <Button icon={FileInput} onPress={onImport}>
            Import what you have
          </Button>
        </div>
      }
    >
      Add a Linux host that you reach over SSH, or take many from your ssh configuration, an Ansible inventory or a list. Then compare and trust its key, and install the agent: it records who talks to whom and blocks nothing.
    </EmptyState>
  );
}

function HostList({ hosts, open }: { readonly hosts: readonly HostView[]; readonly open: (dialog: HostDialog) => void }) {
  const search = useSearch({ from: '/hosts' });
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const navigate = useNavigate();
  const shown = filterHosts(hosts, search);
  const choose = (name: string, isChosen: boolean) => setChosen((names) => new Set(isChosen ? [...names, name] : [...names].filter((each) => each !== name)));
  const chooseAll = (isChosen: boolean) => setChosen(new Set(isChosen ? shown.map((host) => host.name) : []));
  const contained = useQuery(api.containments.list.queryOptions({ input: {} }));
  const nowMs = useNowMs();
  const columns = hostColumns({ chosen, choose, chooseAll, shown, nowMs, containedOf: (host) => containmentsOf(contained.data ?? [], host.name, nowMs) }, (host) => [
    { id: 'open', text: 'Open', run: () => void navigate({ to: '/hosts/$name', params: { name: host.name } }) },
    ...hostActions(host, open),
  ]);
  return (
    <>
      <div className="page-tools">
        <HostFilters hosts={hosts} shown={shown} />
        <BulkActions hosts={hosts.filter((host) => chosen.has(host.name))} open={open} />
      </div>
      <LockedKeysNote onUnlock={() => open({ kind: 'unlock-keys' })} />
      <QueryFailure query={contained} />
      <div className="page-body flush">
        <DataTable
          label="Hosts"
          columns={columns}
          rows={shown}
          rowKey={(host) => host.id}
          isChosen={(host) => chosen.has(host.name)}
          empty={
            <EmptyState icon={Server} title="No host matches" action={<Button onPress={() => void navigate({ to: '/hosts', search: {} })}>Clear the filter</Button>}>
              {`None of ${hosts.length.toLocaleString('en')} ${hosts.length === 1 ? 'host' : 'hosts'} has what the filter asks for.`}
            </EmptyState>
          }
        />
      </div>
    </>
  );
}

function BulkActions({ hosts, open }: { readonly hosts: readonly HostView[]; readonly open: (dialog: HostDialog) => void }) {
  if (hosts.length === 0) return <span className="muted">Select hosts to act on several at once.</span>;
  const managed = hosts.filter((host) => host.ssh !== null);
  const names = managed.map((host) => host.name);
  return (
    <div className="row wrap bulk" role="toolbar" aria-label="Selected hosts">
      <span className="strong">{hosts.length} selected</span>
      <Button small icon={Rocket} isDisabled={names.length === 0} onPress={() => open({ kind: 'onboard', hosts: managed })}>
        Onboard
      </Button>
      <Button small icon={ClipboardCheck} isDisabled={names.length === 0} onPress={() => void hostCommands.checkCompatibility(names)}>
        Check compatibility
      </Button>
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
