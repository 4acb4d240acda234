import { useQuery } from '@tanstack/react-query';
import { Search } from 'lucide-react';
import { useState } from 'react';
import { Autocomplete, Dialog, Input, Menu, MenuItem, Modal as AriaModal, ModalOverlay, SearchField } from 'react-aria-components';
import { api } from '../../api/client.ts';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { useSettled } from '../../ui/use-settled.ts';
import { type PaletteEntry, paletteEntries } from './palette-entries.ts';

const TYPING_MS = 80;
const MOST_HITS = 40;
const LABEL = 'Search hosts, rules, zones, objects, addresses and flows, or type a command';

type Props = { readonly onChoose: (entry: PaletteEntry) => void; readonly onClose: () => void };

/** One field for everything: screens, commands, and whatever the workspace knows by a name or an address. Arrows choose, Enter opens, Escape closes. */
export function Palette({ onChoose, onClose }: Props) {
  const [text, setText] = useState('');
  const asked = useSettled(text.trim().slice(0, 200), TYPING_MS);
  const found = useQuery({ ...api.search.find.queryOptions({ input: { text: asked === '' ? ' ' : asked, limit: MOST_HITS } }), enabled: asked !== '', staleTime: 0 });
  const isLooking = found.isFetching || asked !== text.trim();
  // What was found for half a word is not shown beside the whole one: Enter would open it.
  const entries = paletteEntries(text, asked === '' || isLooking ? [] : (found.data ?? []));
  const choose = (id: string) => {
    const entry = entries.find((one) => one.id === id);
    if (entry === undefined) return;
    onClose();
    onChoose(entry);
  };
  return (
    <ModalOverlay className="overlay" isOpen isDismissable onOpenChange={(isOpen) => isOpen || onClose()}>
      <AriaModal className="modal palette">
        <Dialog aria-label="Command palette">
          <Autocomplete inputValue={text} onInputChange={setText}>
            <SearchField className="palette-field" aria-label={LABEL} autoFocus>
              <Search size={16} aria-hidden />
              <Input className="palette-input" placeholder={LABEL} spellCheck="false" autoComplete="off" />
            </SearchField>
            {found.error === null ? null : <ErrorNote error={found.error} />}
            <Menu className="palette-list" aria-label="Results" items={entries} onAction={(key) => choose(String(key))} renderEmptyState={() => <p className="palette-empty muted">{isLooking ? 'Looking …' : 'Nothing fits.'}</p>}>
              {(entry) => <Entry entry={entry} />}
            </Menu>
          </Autocomplete>
        </Dialog>
      </AriaModal>
    </ModalOverlay>
  );
}

function Entry({ entry: { id, title, detail, group, what } }: { readonly entry: PaletteEntry }) {
  return (
    <MenuItem id={id} className="menu-item palette-item" textValue={`${group} ${title}`}>
      <span className="palette-kind muted small">{group}</span>
      <span className="truncate inert">{title}</span>
      <span className="truncate grow muted small inert">{detail}</span>
      {what.kind === 'command' ? what.command.keys.map((key) => <kbd key={key}>{key}</kbd>) : null}
    </MenuItem>
  );
}
