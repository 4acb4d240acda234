import { ListFilter } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { SearchInput } from '../../ui/SearchInput.tsx';
import { Segments } from '../../ui/Segments.tsx';
import { HubMenu } from './HubMenu.tsx';
import { MoreFilters } from './MoreFilters.tsx';
import type { FilterProps } from './filter-props.ts';
import { countFilters, PERIODS } from './map-search.ts';

const shapes = [
  { value: 'picture', text: 'Picture' },
  { value: 'table', text: 'Table' },
] as const;
const lenses = [
  { value: 'live', text: 'Live' },
  { value: 'draft', text: 'Draft' },
] as const;
const levels = [
  { value: 'zone', text: 'Zones' },
  { value: 'app', text: 'Apps' },
  { value: 'role', text: 'Roles' },
  { value: 'host', text: 'Hosts' },
] as const;

/** How the map is looked at. All of it stands in the address. */
export function MapFilterBar({ view, search, change }: FilterProps) {
  const count = countFilters(search);
  const [isOpen, setOpen] = useState(count > 0);
  return (
    <>
      <div className="page-tools map-tools">
        <SearchInput label="Filter the map" value={search.text ?? ''} onChange={(text) => change({ text: text === '' ? undefined : text })} />
        <Segments label="Verdicts of" value={search.lens ?? 'live'} options={lenses} onChange={(lens) => change({ lens })} />
        <Segments label="Level of detail" value={view.level} options={levels} onChange={(level) => change({ level, open: undefined, shut: undefined })} />
        <Choice label="Period" labelHidden value={search.period ?? '7d'} options={PERIODS} onChange={(period) => change({ period })} />
        <Button icon={ListFilter} aria-expanded={isOpen} onPress={() => setOpen(!isOpen)}>
          {count === 0 ? 'Filters' : `Filters (${count})`}
        </Button>
        <HubMenu hubs={view.hubs} search={search} change={change} />
        <span className="grow" />
        <Segments label="Show as" value={search.shape ?? 'picture'} options={shapes} onChange={(shape) => change({ shape })} />
      </div>
      {isOpen ? <MoreFilters view={view} search={search} change={change} /> : null}
    </>
  );
}
