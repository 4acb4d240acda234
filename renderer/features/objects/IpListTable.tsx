import { Boxes } from 'lucide-react';
import type { IpList, Policy } from '../../../shared/model/policy.ts';
import { countUses, listUses } from '../../../shared/policy/where-used.ts';
import { Button } from '../../ui/Button.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { RowMenu } from '../../ui/Menu.tsx';
import { MonoCell } from '../../ui/MonoCell.tsx';
import { EmptyState } from '../../ui/StateBlocks.tsx';
import type { ObjectsDialog } from './objects-dialog.ts';

type Props = { readonly policy: Policy; readonly filter: string; readonly open: (dialog: ObjectsDialog) => void; readonly onAdd: () => void; readonly onLedger: (list: string) => void };

export function IpListTable({ policy, filter, open, onAdd, onLedger }: Props) {
  const shown = policy.ipLists.filter((list) => [list.name, networksOf(list), namesOf(list), list.note].some((text) => text.toLowerCase().includes(filter.toLowerCase())));
  const empty =
    policy.ipLists.length === 0 ? (
      <EmptyState icon={Boxes} title="No IP lists yet" action={<Button onPress={onAdd}>Add an IP list</Button>}>
        An IP list names networks that are no hosts of the inventory, such as office for 10.30.0.0/16, or host names such as deb.debian.org. On the map its addresses carry its name.
      </EmptyState>
    ) : (
      <EmptyState icon={Boxes} title="No IP list matches">
        Change or clear the filter.
      </EmptyState>
    );
  return <DataTable label="IP lists" columns={columns(policy, open, onLedger)} rows={shown} rowKey={(list) => list.name} empty={empty} />;
}

const networksOf = (list: IpList): string => list.cidrs.join(', ') + (list.except.length === 0 ? '' : ` except ${list.except.join(', ')}`);

const namesOf = ({ names = [] }: IpList): string => names.join(', ');

function columns(policy: Policy, open: Props['open'], onLedger: Props['onLedger']): readonly Column<IpList>[] {
  const usesOf = ({ name }: IpList) => countUses(listUses(policy, { kind: 'iplist', name }));
  return [
    {
      id: 'name',
      header: 'IP list',
      minPx: 130,
      sortBy: (list) => list.name,
      cell: (list) => (
        <button type="button" className="cell-button mono truncate" title={`${list.name} (edit)`} onClick={() => open({ kind: 'iplist', changed: list })}>
          {list.name}
        </button>
      ),
    },
    { id: 'networks', header: 'Networks', minPx: 150, grow: 2, sortBy: networksOf, cell: (list) => <MonoCell text={networksOf(list)} /> },
    { id: 'names', header: 'Host names', minPx: 150, grow: 2, sortBy: namesOf, cell: (list) => <NamesCell list={list} onLedger={onLedger} /> },
    { id: 'uses', header: 'Used by', minPx: 100, grow: 1, sortBy: usesOf, cell: (list) => usesOf(list) || <span className="muted">nothing</span> },
    { id: 'note', header: 'Note', minPx: 90, grow: 2, cell: (list) => <span title={list.note}>{list.note}</span> },
    {
      id: 'menu',
      header: <span className="visually-hidden">Actions</span>,
      minPx: 44,
      cell: (list) => (
        <RowMenu
          label={`Actions for IP list ${list.name}`}
          actions={[
            { id: 'edit', text: 'Edit …', run: () => open({ kind: 'iplist', changed: list }) },
            ...(list.names === undefined ? [] : [{ id: 'names', text: 'Who resolved its names', run: () => onLedger(list.name) }]),
            { id: 'remove', text: 'Remove …', isDanger: true, run: () => open({ kind: 'remove', what: 'iplist', name: list.name }) },
          ]}
        />
      ),
    },
  ];
}

/** The names, which open their ledger. */
function NamesCell({ list, onLedger }: { readonly list: IpList; readonly onLedger: Props['onLedger'] }) {
  if (list.names === undefined) return <span className="muted">none</span>;
  return (
    <button type="button" className="cell-button mono truncate" title={`${namesOf(list)} (who resolved them)`} onClick={() => onLedger(list.name)}>
      {namesOf(list)}
    </button>
  );
}
