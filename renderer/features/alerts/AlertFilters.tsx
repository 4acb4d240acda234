import { useQuery } from '@tanstack/react-query';
import { ALERT_WORDS } from '../../../shared/alerts/alert-text.ts';
import type { AlertCounts } from '../../../shared/contract/alerts.ts';
import { AlertKind } from '../../../shared/model/alert.ts';
import { api } from '../../api/client.ts';
import { Choice } from '../../ui/Choice.tsx';
import { SearchInput } from '../../ui/SearchInput.tsx';
import type { AlertSearch } from './alert-search.ts';

type Props = { readonly search: AlertSearch; readonly counts: AlertCounts | null; readonly onChange: (fields: Partial<AlertSearch>) => void };

const kinds = [{ value: 'any' as const, text: 'Any kind' }, ...AlertKind.options.map((kind) => ({ value: kind, text: ALERT_WORDS[kind].one }))];
const shown = (name: string, count: number | undefined): string => (count === undefined ? name : `${name} (${count.toLocaleString('en')})`);

/** Every filter stands in the address. `undefined` takes one out. */
export function AlertFilters({ search, counts, onChange }: Props) {
  const hosts = useQuery(api.hosts.list.queryOptions({ input: {} }));
  const policy = useQuery(api.policy.get.queryOptions({ input: {} }));
  const states = [
    { value: 'open' as const, text: shown('Open', counts?.open) },
    { value: 'acknowledged' as const, text: shown('Acknowledged', counts?.acknowledged) },
    { value: 'muted' as const, text: shown('Muted', counts?.muted) },
    { value: 'settled' as const, text: shown('Settled', counts?.settled) },
    { value: 'all' as const, text: 'All states' },
  ];
  const named = (what: string, names: readonly string[]) => [{ value: '', text: `Any ${what}` }, ...names.map((name) => ({ value: name, text: name }))];
  return (
    <div className="page-tools alert-filters">
      <SearchInput label="Filter alerts" value={search.text ?? ''} onChange={(text) => onChange({ text: text === '' ? undefined : text })} />
      <Choice label="State" labelHidden value={search.state ?? 'open'} options={states} onChange={(state) => onChange({ state: state === 'open' ? undefined : state })} />
      <Choice label="Kind" labelHidden value={search.kind ?? 'any'} options={kinds} onChange={(kind) => onChange({ kind: kind === 'any' ? undefined : kind })} />
      <Choice label="Host" labelHidden value={search.host ?? ''} options={named('host', (hosts.data ?? []).map(({ name }) => name))} onChange={(host) => onChange({ host: host === '' ? undefined : host })} />
      <Choice label="Zone" labelHidden value={search.zone ?? ''} options={named('zone', (policy.data?.policy.zones ?? []).map(({ name }) => name))} onChange={(zone) => onChange({ zone: zone === '' ? undefined : zone })} />
    </div>
  );
}
