import { Search } from 'lucide-react';
import { Input, SearchField } from 'react-aria-components';

type SearchInputProps = { readonly label: string; readonly value: string; readonly onChange: (value: string) => void };

/** The filter of a list; the page shortcut `/` focuses it. Escape clears it. */
export function SearchInput({ label, value, onChange }: SearchInputProps) {
  return (
    <SearchField className="search" aria-label={label} value={value} onChange={onChange}>
      <Search size={14} aria-hidden />
      <Input className="input" placeholder={label} data-page-filter spellCheck="false" autoComplete="off" />
    </SearchField>
  );
}
