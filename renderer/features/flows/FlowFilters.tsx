import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { PERIODS } from '../../../shared/text/flow-filters.ts';
import { parsePeer } from '../../../shared/text/peer-text.ts';
import { issueText } from '../../editors/typed-text.ts';
import { Choice } from '../../ui/Choice.tsx';
import { SearchInput } from '../../ui/SearchInput.tsx';
import { TextInput } from '../../ui/TextInput.tsx';
import { useSettled } from '../../ui/use-settled.ts';
import type { FlowSearch } from './flow-search.ts';
import { FlowViews } from './FlowViews.tsx';
import { localInputText, readLocalInput } from './local-time.ts';

type Props = { readonly search: FlowSearch; readonly onChange: (fields: Partial<FlowSearch>) => void; readonly onOpen: (filters: FlowSearch) => void };
const verdicts = [
  { value: 'any', text: 'Any verdict' },
  { value: 'accepted', text: 'Accepted' },
  { value: 'would-block', text: 'Would block' },
  { value: 'blocked', text: 'Blocked' },
] as const;

const drafts = [
  { value: 'any', text: 'Any draft' },
  { value: 'allowed', text: 'Draft: allowed' },
  { value: 'blocked', text: 'Draft: blocked' },
  { value: 'observed', text: 'Draft: observed' },
  { value: 'unknown', text: 'Draft: unknown' },
] as const;

const periods = [...PERIODS.map(({ value, text }) => ({ value, text })), { value: 'range' as const, text: 'A range …' }];
const DAY_MS = 86_400_000;

/** Every filter stands in the address. `undefined` takes one out. */
export function FlowFilters({ search, onChange, onOpen }: Props) {
  const hasRange = search.since !== undefined || search.until !== undefined;
  const choosePeriod = (period: (typeof periods)[number]['value']) =>
    onChange(period === 'range' ? { since: Math.floor((Date.now() - DAY_MS) / 60_000) * 60_000, period: undefined } : { period, since: undefined, until: undefined });
  return (
    <div className="page-tools flow-filters">
      <TextFilter value={search.text} onChange={(text) => onChange({ text })} />
      <PeerFilter label="From" value={search.from} onChange={(from) => onChange({ from })} />
      <PeerFilter label="To" value={search.to} onChange={(to) => onChange({ to })} />
      <Choice label="Verdict" labelHidden value={search.verdict ?? 'any'} options={verdicts} onChange={(verdict) => onChange({ verdict: verdict === 'any' ? undefined : verdict })} />
      <Choice label="Draft verdict" labelHidden value={search.draft ?? 'any'} options={drafts} onChange={(draft) => onChange({ draft: draft === 'any' ? undefined : draft })} />
      <Choice label="Period" labelHidden value={hasRange ? 'range' : (search.period ?? '7d')} options={periods} onChange={choosePeriod} />
      {hasRange ? <Range search={search} onChange={onChange} /> : null}
      <FlowViews search={search} onOpen={onOpen} />
    </div>
  );
}

/** Local times; either end may be empty, and then is open. */
function Range({ search, onChange }: Pick<Props, 'search' | 'onChange'>) {
  const isTurned = search.since !== undefined && search.until !== undefined && search.until < search.since;
  return (
    <span className="row range">
      <TextInput label="Since" type="datetime-local" value={localInputText(search.since)} onChange={(text) => onChange({ since: readLocalInput(text) })} />
      <span className="muted" aria-hidden>
        –
      </span>
      <TextInput label="Until" type="datetime-local" value={localInputText(search.until)} onChange={(text) => onChange({ until: readLocalInput(text) })} error={isTurned ? 'lies before the beginning: nothing can be in between' : null} />
    </span>
  );
}

const TYPING_MS = 200;

/** Asks once typing has stopped. What the address says from outside (a view, back) takes the place of what was typed. */
function TextFilter({ value, onChange }: { readonly value: string | undefined; readonly onChange: (value: string | undefined) => void }) {
  const [typed, setTyped] = useState(value ?? '');
  const settled = useSettled(typed, TYPING_MS);
  const asked = useRef(value ?? '');
  const ask = useEffectEvent((text: string) => {
    if (text === asked.current) return;
    asked.current = text;
    onChange(text === '' ? undefined : text);
  });
  useEffect(() => ask(settled), [settled]);
  useEffect(() => {
    // The own question comes back as well, perhaps after more was typed.
    if ((value ?? '') === asked.current) return;
    asked.current = value ?? '';
    setTyped(asked.current);
  }, [value]);
  return <SearchInput label="Filter flows" value={typed} onChange={setTyped} />;
}

type PeerFilterProps = { readonly label: string; readonly value: string | undefined; readonly onChange: (value: string | undefined) => void };

/** Asks only once the text reads as a peer, so that a half-typed selector is no error of the query. */
function PeerFilter({ label, value, onChange }: PeerFilterProps) {
  const [text, setText] = useState(value ?? '');
  useEffect(() => setText((current) => (value !== undefined || parsePeer(current).ok ? (value ?? '') : current)), [value]);
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
