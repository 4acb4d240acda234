import { useState } from 'react';
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { parsePeer } from '../../../shared/text/peer-text.ts';
import { Button } from '../../ui/Button.tsx';
import { Check } from '../../ui/Check.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { TextInput } from '../../ui/TextInput.tsx';
import { EDGE_ORDER } from '../../ui/verdict-words.ts';
import { issueText } from '../../editors/typed-text.ts';
import type { FilterProps } from './filter-props.ts';
import type { EdgeVerdict } from './map-model.ts';

const shortWords: Record<EdgeVerdict, string> = { allowed: 'Allowed', 'no-rule': 'No rule', 'would-block': 'Would block', blocked: 'Blocked', unknown: 'Unknown' };

/** The filters that are not always needed. */
export function MoreFilters({ view, search, change }: FilterProps) {
  const shown = new Set<EdgeVerdict>(search.verdicts ?? EDGE_ORDER);
  const chooseVerdicts = (verdicts: readonly EdgeVerdict[]) => change({ verdicts: verdicts.length === 0 || verdicts.length === EDGE_ORDER.length ? undefined : [...verdicts] });
  return (
    <div className="page-tools flow-filters map-filters" role="group" aria-label="More filters">
      <TypedFilter label="Either end" value={search.who} placeholder="Either end: role=web" problemOf={peerProblem} onChange={(who) => change({ who })} />
      <TypedFilter label="Service" value={search.service} placeholder="Service: 5432" problemOf={serviceProblem} onChange={(service) => change({ service })} />
      <TypedFilter label="Process" value={search.process} placeholder="Process: nginx" problemOf={noProblem} onChange={(process) => change({ process })} />
      <ToggleButtonGroup
        className="segments"
        aria-label="Verdicts shown"
        selectionMode="multiple"
        selectedKeys={shown}
        onSelectionChange={(keys) => chooseVerdicts(EDGE_ORDER.filter((verdict) => keys.has(verdict)))}
      >
        {EDGE_ORDER.map((verdict) => (
          <ToggleButton key={verdict} id={verdict} className="button">
            <Mark meaning={verdict} text={shortWords[verdict]} />
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      {view.picture === 'hosts' ? (
        <Check isSelected={search.bundle !== 'no'} onChange={(isBundled) => change({ bundle: isBundled ? 'yes' : 'no' })}>
          Bundle like
        </Check>
      ) : null}
      <Button small kind="quiet" onPress={() => change({ who: undefined, service: undefined, process: undefined, verdicts: undefined, text: undefined })}>
        Clear
      </Button>
    </div>
  );
}

/** A host's bare name is taken as well. */
const peerProblem = (text: string): string | null => (/^[\w.-]+$/.test(text) ? null : issueText(parsePeer(text)));
const serviceProblem = (text: string): string | null => (/^[\w./+,\s-]+$/.test(text) ? null : 'write a port like 5432, tcp/5432, or the name of a service');
const noProblem = (): string | null => null;

type TypedProps = { readonly label: string; readonly value: string | undefined; readonly placeholder: string; readonly problemOf: (text: string) => string | null; readonly onChange: (value: string | undefined) => void };

/** Asks only once the text can be read, so that a half-typed selector is no error of the query. */
function TypedFilter({ label, value, placeholder, problemOf, onChange }: TypedProps) {
  const [text, setText] = useState(value ?? '');
  const typed = (next: string) => {
    setText(next);
    if (next.trim() === '') onChange(undefined);
    else if (problemOf(next.trim()) === null) onChange(next.trim());
  };
  const error = text.trim() === '' ? null : problemOf(text.trim());
  return (
    <div className="peer-filter" title={error ?? ''}>
      <TextInput label={label} value={text} onChange={typed} mono placeholder={placeholder} error={error} />
    </div>
  );
}
