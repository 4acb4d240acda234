import { useState } from 'react';
import type { OfflineHostRow, OfflineSummary } from '../../../shared/contract/offline.ts';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { AuditHostDialog } from './AuditHostDialog.tsx';

/** Of what is not known it says so, and sorts it last. */
const figure = (amount: number | null) => (amount === null ? <span className="muted">not known</span> : amount.toLocaleString('en'));
const known = (amount: number | null): number => amount ?? -1;

function columnsOf(onOpen: (name: string) => void): readonly Column<OfflineHostRow>[] {
  return [
    {
      id: 'name',
      header: 'Host',
      minPx: 180,
      grow: 2,
      sortBy: ({ name }) => name,
      cell: ({ name }) => (
        <button type="button" className="link truncate inert" onClick={() => onOpen(name)}>
          {name}
        </button>
      ),
    },
    {
      id: 'origin',
      header: 'Known by',
      minPx: 130,
      sortBy: ({ origin }) => (origin === null ? 'files' : origin.isSigned ? 'signed' : 'a unsigned'),
      cell: ({ origin }) => (origin === null ? 'files' : origin.isSigned ? <Mark meaning="allowed" text="signed bundle" /> : <Mark meaning="would-block" text="UNSIGNED" />),
    },
    { id: 'rules', header: 'Rules', minPx: 80, isNumber: true, sortBy: ({ rules }) => rules, cell: ({ files, rules }) => (files === 0 ? <span className="muted">none read</span> : rules.toLocaleString('en')) },
    { id: 'admitted', header: 'Let in', minPx: 90, isNumber: true, sortBy: ({ admitted }) => known(admitted), cell: ({ admitted }) => figure(admitted) },
    { id: 'open', header: 'From everyone', minPx: 110, isNumber: true, sortBy: ({ openToAll }) => known(openToAll), cell: ({ openToAll }) => figure(openToAll) },
    { id: 'listening', header: 'Listening', minPx: 90, isNumber: true, sortBy: ({ listening }) => known(listening), cell: ({ listening }) => figure(listening) },
    { id: 'flows', header: 'Flows', minPx: 80, isNumber: true, sortBy: ({ flows }) => flows, cell: ({ flows }) => flows.toLocaleString('en') },
    { id: 'blind', header: 'Blind spots', minPx: 100, isNumber: true, sortBy: ({ blindSpots }) => blindSpots, cell: ({ blindSpots }) => blindSpots.toLocaleString('en') },
  ];
}

/** Every host of an audit; each opens with all that its files say. */
export function AuditHosts({ summary: { id, hosts } }: { readonly summary: OfflineSummary }) {
  const [opened, setOpened] = useState<string | null>(null);
  return (
    <section className="card audit-hosts" aria-label="Hosts">
      <div className="card-head">
        <h2>Hosts</h2>
      </div>
      <DataTable label="Hosts of the audit" columns={columnsOf(setOpened)} rows={hosts} rowKey={({ name }) => name} />
      {opened === null ? null : <AuditHostDialog id={id} name={opened} onClose={() => setOpened(null)} />}
    </section>
  );
}
