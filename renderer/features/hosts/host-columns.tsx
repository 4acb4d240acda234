import { Link } from '@tanstack/react-router';
import type { HostView } from '../../../shared/contract/views.ts';
import { Check } from '../../ui/Check.tsx';
import type { Column } from '../../ui/DataTable.tsx';
import { LabelChips } from '../../ui/LabelChips.tsx';
import { type MenuAction, RowMenu } from '../../ui/Menu.tsx';
import { ModeBadge } from '../../ui/ModeBadge.tsx';
import { TimeAgo } from '../../ui/TimeAgo.tsx';
import { printLabels } from '../../../shared/text/label-text.ts';
import { HOST_STATES } from './host-states.ts';
import { HostStateMark } from './HostStateMark.tsx';

type Selection = {
  readonly chosen: ReadonlySet<string>;
  readonly choose: (name: string, isChosen: boolean) => void;
  readonly chooseAll: (isChosen: boolean) => void;
  readonly shown: readonly HostView[];
};

/** Version and, when the host has one, the mode that it runs. */
function Applied({ host }: { readonly host: HostView }) {
  if (host.appliedVersion === null) return <span className="muted">{host.appliedBundle === null ? '–' : 'observe only'}</span>;
  return <span>v{host.appliedVersion}</span>;
}

function ZoneCell({ host }: { readonly host: HostView }) {
  if (host.zone === null) return <span className="muted">{host.managed ? 'no zone' : '–'}</span>;
  return (
    <span className="row">
      {host.managed ? <ModeBadge mode={host.draftMode} /> : null}
      <span className="truncate">{host.zone}</span>
    </span>
  );
}

export function hostColumns(selection: Selection, actionsOf: (host: HostView) => readonly MenuAction[]): readonly Column<HostView>[] {
  const count = selection.shown.filter((host) => selection.chosen.has(host.name)).length;
  const all = count > 0 && count === selection.shown.length;
  return [
    {
      id: 'choose',
      header: <Check label="Select all hosts shown" isSelected={all} isIndeterminate={count > 0 && !all} onChange={selection.chooseAll} />,
      minPx: 32,
      cell: (host) => (
        <Check label={`Select ${host.name}`} isSelected={selection.chosen.has(host.name)} onChange={(isChosen) => selection.choose(host.name, isChosen)} />
      ),
    },
    {
      id: 'name',
      header: 'Host',
      minPx: 120,
      grow: 1.2,
      sortBy: (host) => host.name,
      cell: (host) => (
        <Link className="strong" to="/hosts/$name" params={{ name: host.name }} title={host.addresses.join(', ')}>
          {host.name}
        </Link>
      ),
    },
    { id: 'state', header: 'State', minPx: 144, sortBy: (host) => HOST_STATES[host.state].text, cell: (host) => <HostStateMark state={host.state} /> },
    {
      id: 'zone',
      header: 'Zone',
      minPx: 168,
      grow: 1,
      sortBy: (host) => host.zone ?? '',
      cell: (host) => <ZoneCell host={host} />,
    },
    {
      id: 'labels',
      header: 'Labels',
      minPx: 200,
      grow: 2,
      sortBy: (host) => printLabels(host.labels),
      cell: (host) => <LabelChips labels={host.labels} isShort />,
    },
    { id: 'applied', header: 'Runs', minPx: 88, sortBy: (host) => host.appliedVersion ?? 0, cell: (host) => <Applied host={host} /> },
    {
      id: 'contact',
      header: 'Last contact',
      minPx: 100,
      sortBy: (host) => -(host.lastContactAtMs ?? 0),
      cell: (host) => <TimeAgo atMs={host.lastContactAtMs} />,
    },
    {
      id: 'problem',
      header: 'Last problem',
      minPx: 120,
      grow: 1.6,
      sortBy: (host) => host.lastError?.title ?? '~',
      cell: (host) =>
        host.lastError === null ? null : (
          <span className="mark blocked inert" title={`${host.lastError.title}\n${host.lastError.hint}`}>
            {host.lastError.title.replace(`${host.name}: `, '')}
          </span>
        ),
    },
    {
      id: 'menu',
      header: <span className="visually-hidden">Actions</span>,
      minPx: 44,
      cell: (host) => <RowMenu label={`Actions for ${host.name}`} actions={actionsOf(host)} />,
    },
  ];
}
