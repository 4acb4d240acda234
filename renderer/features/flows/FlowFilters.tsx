import { Choice } from '../../ui/Choice.tsx';
import { SearchInput } from '../../ui/SearchInput.tsx';
import { TextInput } from '../../ui/TextInput.tsx';
import { parsePeer } from '../../../shared/text/peer-text.ts';
import { issueText } from '../../editors/typed-text.ts';
import { useState } from 'react';
import { type FlowSearch, PERIODS } from './flow-search.ts';

type Props = { readonly search: FlowSearch; readonly onChange: (fields: Partial<FlowSearch>) => void };
const verdicts = [
  { value: 'any', text: 'Any verdict' },
  { value: 'accepted', text: 'Accepted' },
  { value: 'would-block', text: 'Would block' },
  { value: 'blocked', text: 'Blocked' },
] as const;

/** Every filter stands in the address. `undefined` takes one out. */
export function FlowFilters({ search, onChange }: Props) {
  return (
    <div className="page-tools flow-filters">
      <SearchInput label="Filter flows" value={search.text ?? ''} onChange={(text) => onChange({ text: text === '' ? undefined : text })} />
      <PeerFilter label="From" value={search.from} onChange={(from) => onChange({ from })} />
      <PeerFilter label="To" value={search.to} onChange={(to) => onChange({ to })} />
      <Choice
        label="Verdict"
        labelHidden
        value={search.verdict ?? 'any'}
        options={verdicts}
        onChange={(verdict) => onChange({ verdict: verdict === 'any' ? undefined : verdict })}
      />
      <Choice label="Period" labelHidden value={search.period ?? '7d'} options={PERIODS} onChange={(period) => onChange({ period })} />
    </div>
  );
}

type PeerFilterProps = { readonly label: string; readonly value: string | undefined; readonly onChange: (value: string | undefined) => void };

/** Asks only once the text reads as a peer, so that a half-typed selector is no error of the query. */
function PeerFilter({ label, value, onChange }: PeerFilterProps) {
  const [text, setText] = useState(value ?? '');
  const typed = (next: string) => {
    setText(next);
    if (next.trim() === '') onChange(undefined);
    else if (parsePeer(next).ok) onChange(next);
  };
  const error = text.trim() === '' ? null : issueText(parsePeer(text));
  return (
    <div className="peer-filter" title={error ?? ''}>
      <TextInput label={label} value={text} onChange={typed} mono placeholder={`${label}: role=web …`} error={error} />
    </div>
  );
}
