import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { Check } from '../../ui/Check.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { SearchInput } from '../../ui/SearchInput.tsx';
import { Segments } from '../../ui/Segments.tsx';
import { EDGE_ORDER } from '../../ui/verdict-words.ts';
import type { EdgeVerdict } from './map-model.ts';
import type { Period, ViewState } from './view-state.ts';

type Props = { readonly state: ViewState; readonly change: (fields: Partial<ViewState>) => void };

const periods: readonly { value: Period; text: string }[] = [
  { value: '24h', text: 'Last 24 hours' },
  { value: '7d', text: 'Last 7 days' },
  { value: '30d', text: 'Last 30 days' },
  { value: 'all', text: 'All that is stored' },
];
const shapes = [
  { value: 'picture', text: 'Picture' },
  { value: 'table', text: 'Table' },
] as const;
const shortWords: Record<EdgeVerdict, string> = {
  allowed: 'Allowed',
  'no-rule': 'No rule',
  'would-block': 'Would block',
  blocked: 'Blocked',
  unknown: 'Unknown',
};

export function MapFilterBar({ state, change }: Props) {
  return (
    <div className="page-tools map-tools">
      <SearchInput label="Filter the map" value={state.text} onChange={(text) => change({ text })} />
      <ToggleButtonGroup
        className="segments"
        aria-label="Verdicts shown"
        selectionMode="multiple"
        selectedKeys={state.verdicts}
        onSelectionChange={(keys) => change({ verdicts: new Set(EDGE_ORDER.filter((verdict) => keys.has(verdict))) })}
      >
        {EDGE_ORDER.map((verdict) => (
          <ToggleButton key={verdict} id={verdict} className="button">
            <Mark meaning={verdict} text={shortWords[verdict]} />
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      <Choice label="Period" labelHidden value={state.period} options={periods} onChange={(period) => change({ period })} />
      <Check isSelected={state.isGrouped} onChange={(isGrouped) => change({ isGrouped })}>
        Group like
      </Check>
      <span className="grow" />
      <Segments label="Show as" value={state.shape} options={shapes} onChange={(shape) => change({ shape })} />
    </div>
  );
}
