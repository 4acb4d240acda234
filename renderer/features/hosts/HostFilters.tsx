import { useNavigate, useSearch } from '@tanstack/react-router';
import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import type { HostView } from '../../../shared/contract/views.ts';
import { countText } from '../../../shared/text/amount-text.ts';
import { Button } from '../../ui/Button.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { SearchInput } from '../../ui/SearchInput.tsx';
import { hostsCsv } from './host-csv.ts';
import { type HostSearch, hostSearch, NO_ZONE } from './host-search.ts';
import { HOST_STATES } from './host-states.ts';

const ANY = 'any';

/** Text, state and zone, kept in the address; and the hosts that are shown as CSV for a spreadsheet. */
export function HostFilters({ hosts, shown }: { readonly hosts: readonly HostView[]; readonly shown: readonly HostView[] }) {
  const search = useSearch({ from: '/hosts' });
  const navigate = useNavigate({ from: '/hosts' });
  // Each letter is no step to go back to.
  const change = (fields: Partial<HostSearch>) => void navigate({ search: (now) => hostSearch.parse(dropEmpty({ ...now, ...fields })), replace: true });
  const states = [{ value: ANY, text: 'Any state' }, ...hostSearch.shape.state.unwrap().unwrap().options.map((state) => ({ value: String(state), text: HOST_STATES[state].text }))];
  const zones = [
    { value: ANY, text: 'Any zone' },
    ...[...new Set(hosts.flatMap((host) => host.zone ?? []))].toSorted().map((zone) => ({ value: zone, text: zone })),
    { value: NO_ZONE, text: 'No zone' },
  ];
  return (
    <>
      <SearchInput label="Filter hosts" value={search.text ?? ''} onChange={(text) => change({ text })} />
      <div className="filter-choice">
        <Choice label="State" labelHidden value={search.state ?? ANY} options={states} onChange={(state) => change(state === ANY ? { state: undefined } : hostSearch.pick({ state: true }).parse({ state }))} />
      </div>
      <div className="filter-choice">
        <Choice label="Zone" labelHidden value={search.zone ?? ANY} options={zones} onChange={(zone) => change({ zone: zone === ANY ? undefined : zone })} />
      </div>
      <CopyHosts shown={shown} />
    </>
  );
}

const dropEmpty = (search: HostSearch): HostSearch => Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined && value !== ''));

function CopyHosts({ shown }: { readonly shown: readonly HostView[] }) {
  const [copied, setCopied] = useState<'no' | 'yes' | 'refused'>('no');
  const copy = () =>
    void navigator.clipboard.writeText(hostsCsv(shown)).then(
      () => setCopied('yes'),
      () => setCopied('refused'),
    );
  return (
    <>
      <Button small icon={copied === 'yes' ? Check : Copy} onPress={copy} aria-label={`Copy ${countText(shown.length, 'host')} as CSV`}>
        {copied === 'yes' ? 'Copied' : 'CSV'}
      </Button>
      {copied === 'refused' ? <span className="field-error">The clipboard did not take it: firebreak --json host list has the same.</span> : null}
    </>
  );
}
