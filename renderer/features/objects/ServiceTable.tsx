import { Boxes } from 'lucide-react';
import type { Policy } from '../../../shared/model/policy.ts';
import type { Service } from '../../../shared/model/service.ts';
import { countUses, listUses } from '../../../shared/policy/where-used.ts';
import { printServiceEntry } from '../../../shared/text/service-text.ts';
import { Button } from '../../ui/Button.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { RowMenu } from '../../ui/Menu.tsx';
import { MonoCell } from '../../ui/MonoCell.tsx';
import { EmptyState } from '../../ui/StateBlocks.tsx';
import type { ObjectsDialog } from './objects-dialog.ts';

type Props = { readonly policy: Policy; readonly filter: string; readonly open: (dialog: ObjectsDialog) => void; readonly onAdd: () => void };

export function ServiceTable({ policy, filter, open, onAdd }: Props) {
  const shown = policy.services.filter((service) => [service.name, portsOf(service), service.note].some((text) => text.toLowerCase().includes(filter.toLowerCase())));
  const empty =
    policy.services.length === 0 ? (
      <EmptyState icon={Boxes} title="No services yet" action={<Button onPress={onAdd}>Add a service</Button>}>
        A service names ports, such as postgresql for tcp/5432. Rules that use it follow when its ports change. Templates bring theirs.
      </EmptyState>
    ) : (
      <EmptyState icon={Boxes} title="No service matches">
        Change or clear the filter.
      </EmptyState>
    );
  return <DataTable label="Services" columns={columns(policy, open)} rows={shown} rowKey={(service) => service.name} empty={empty} />;
}

const portsOf = (service: Service): string => service.entries.map(printServiceEntry).join(', ');

function columns(policy: Policy, open: Props['open']): readonly Column<Service>[] {
  const usesOf = ({ name }: Service) => countUses(listUses(policy, { kind: 'service', name }));
  return [
    {
      id: 'name',
      header: 'Service',
      minPx: 160,
      sortBy: (service) => service.name,
      cell: (service) => (
        <button type="button" className="cell-button mono" title={`${service.name} (edit)`} onClick={() => open({ kind: 'service', changed: service })}>
          {service.name}
        </button>
      ),
    },
    { id: 'ports', header: 'Ports', minPx: 200, grow: 2, sortBy: portsOf, cell: (service) => <MonoCell text={portsOf(service)} /> },
    { id: 'uses', header: 'Used by', minPx: 150, grow: 1, sortBy: usesOf, cell: (service) => usesOf(service) || <span className="muted">nothing</span> },
    { id: 'note', header: 'Note', minPx: 150, grow: 2, cell: (service) => <span title={service.note}>{service.note}</span> },
    {
      id: 'menu',
      header: <span className="visually-hidden">Actions</span>,
      minPx: 44,
      cell: (service) => (
        <RowMenu
          label={`Actions for service ${service.name}`}
          actions={[
            { id: 'edit', text: 'Edit …', run: () => open({ kind: 'service', changed: service }) },
            { id: 'remove', text: 'Remove …', isDanger: true, run: () => open({ kind: 'remove', what: 'service', name: service.name }) },
          ]}
        />
      ),
    },
  ];
}
