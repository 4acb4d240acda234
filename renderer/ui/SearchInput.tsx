import { useSearch } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { useEffect, useEffectEvent } from 'react';
import { Input, SearchField } from 'react-aria-components';

type SearchInputProps = { readonly label: string; readonly value: string; readonly onChange: (value: string) => void };

/** The filter of a list; the page shortcut `/` focuses it. Escape clears it. What the address says under `find` is filtered by when the list is opened. */
export function SearchInput({ label, value, onChange }: SearchInputProps) {
  const { find } = useSearch({ strict: false });
  const filterBy = useEffectEvent(onChange);
  useEffect(() => {
    if (find !== undefined) filterBy(find);
  }, [find]);
  return (
    <SearchField className="search" aria-label={label} value={value} onChange={onChange}>
      <Search size={14} aria-hidden />
      <Input className="input" placeholder={label} data-page-filter spellCheck="false" autoComplete="off" />
    </SearchField>
  );
}
