import type { ReachQuery, ReachRow, ReachService } from '../../../shared/contract/reach-views.ts';
import { Button } from '../../ui/Button.tsx';
import type { Column } from '../../ui/DataTable.tsx';
import { Mark } from '../../ui/Mark.tsx';

type ColumnsInput = { readonly direction: ReachQuery['direction']; readonly hasPath: boolean; readonly onPath: (host: string) => void; readonly onStart: (host: string) => void };

export const rowContains = ({ host, zone, via, services }: ReachRow, text: string): boolean =>
  [host, zone ?? '', via, ...services.flatMap((service) => [service.text, service.process ?? '', ...service.rules])].some((part) => part.toLowerCase().includes(text.trim().toLowerCase()));

export const servicesOf = ({ services, more }: Pick<ReachRow, 'services' | 'more'>): string => `${[...new Set(services.map(({ text }) => text))].join(', ')}${more === 0 ? '' : ` and ${more} more`}`;

/** Why a connection passes, in two words: by rules, open, or only because an end tests. */
export function passText(services: readonly ReachService[]): { meaning: 'allowed' | 'would-block' | 'no-rule'; text: string } {
  if (services.every(({ verdict }) => verdict === 'would-block')) return { meaning: 'would-block', text: 'Test only' };
  return services.some(({ verdict, rules }) => verdict === 'allowed' && rules.length === 0) ? { meaning: 'no-rule', text: 'Open' } : { meaning: 'allowed', text: 'By rule' };
}

/** Columns of reached hosts; `onStart` makes a host the next start. */
export function reachColumns({ direction, hasPath, onPath, onStart }: ColumnsInput): readonly Column<ReachRow>[] {
  const path: Column<ReachRow> = {
    id: 'path',
    header: <span className="visually-hidden">Path</span>,
    minPx: 68,
    cell: ({ host }) => (
      <Button small kind="quiet" onPress={() => onPath(host)} aria-label={`Path ${direction === 'out' ? 'to' : 'from'} ${host}`}>
        Path
      </Button>
    ),
  };
  return [
    { id: 'hop', header: 'Hops', minPx: 56, isNumber: true, sortBy: ({ hop }) => hop, cell: ({ hop }) => hop },
    {
      id: 'host',
      header: 'Host',
      minPx: 140,
      grow: 1,
      sortBy: ({ host }) => host,
      cell: ({ host }) => (
        <button type="button" className="cell-button" onClick={() => onStart(host)} title={`Show what ${direction === 'out' ? `${host} reaches` : `reaches ${host}`}`}>
          {host}
        </button>
      ),
    },
    { id: 'zone', header: 'Zone', minPx: 110, grow: 0.6, sortBy: ({ zone }) => zone ?? '', cell: ({ zone, managed }) => <span className={zone === null ? 'muted' : ''}>{zone ?? (managed ? 'no zone' : 'unmanaged')}</span> },
    { id: 'via', header: direction === 'out' ? 'From' : 'Into', minPx: 120, grow: 0.8, sortBy: ({ via }) => via, cell: ({ via }) => via },
    {
      id: 'services',
      header: 'Services',
      minPx: 160,
      grow: 1.6,
      sortBy: servicesOf,
      cell: (row) => (
        <span className="mono" title={row.services.map(({ text, process, why }) => `${text}${process === null ? '' : ` (${process})`}: ${why}`).join('\n')}>
          {servicesOf(row)}
        </span>
      ),
    },
    {
      id: 'why',
      header: 'Passes',
      minPx: 118,
      sortBy: ({ services, certain }) => (certain ? passText(services).text : 'Perhaps'),
      cell: ({ services, certain }) => {
        const { meaning, text } = passText(services);
        return certain ? <Mark meaning={meaning} text={text} /> : <Mark meaning="unknown" text="Perhaps" />;
      },
    },
    ...(hasPath ? [path] : []),
  ];
}
