import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Bookmark, ChevronDown, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover, Separator } from 'react-aria-components';
import { type FlowView, FlowViewName } from '../../../shared/contract/flow-pages.ts';
import { api } from '../../api/client.ts';
import { hasCode } from '../../api/error-sentence.ts';
import { IconButton } from '../../ui/Button.tsx';
import { FormModal } from '../../ui/FormModal.tsx';
import { QueryFailure } from '../../ui/StateBlocks.tsx';
import { TextInput } from '../../ui/TextInput.tsx';
import { exactTime } from '../../ui/TimeAgo.tsx';
import { type FlowSearch, filtersOf, isSameFilters } from './flow-search.ts';

type Props = { readonly search: FlowSearch; readonly onOpen: (filters: FlowSearch) => void };

/** Named filters of this workspace: open one, or keep what is shown under a name. */
export function FlowViews({ search, onOpen }: Props) {
  const views = useQuery(api.flows.views.queryOptions({ input: {} }));
  const [isSaving, setSaving] = useState(false);
  const all = views.data ?? [];
  const current = all.find((view) => isSameFilters(view.filters, search));
  const choose = (key: string) => {
    const view = all.find((one) => `view ${one.name}` === key);
    if (view !== undefined) onOpen(view.filters);
    else if (key === 'save') setSaving(true);
    else onOpen({});
  };
  return (
    <>
      <MenuTrigger>
        <AriaButton className="button plain" aria-label={current === undefined ? 'Saved views' : `Saved views: ${current.name} is shown`}>
          <Bookmark size={16} aria-hidden />
          <span className="truncate view-name">{current?.name ?? 'Views'}</span>
          <ChevronDown size={14} aria-hidden />
        </AriaButton>
        <Popover className="popover" placement="bottom end">
          <Menu onAction={(key) => choose(String(key))} aria-label="Saved views">
            <MenuItem id="all" className="menu-item">
              All flows of the last 7 days
            </MenuItem>
            {all.map((view) => (
              <MenuItem key={view.name} id={`view ${view.name}`} className="menu-item" textValue={view.name}>
                <span className={view === current ? 'strong inert' : 'inert'}>{view.name}</span>
              </MenuItem>
            ))}
            <Separator className="menu-line" />
            <MenuItem id="save" className="menu-item">
              Save or remove views …
            </MenuItem>
          </Menu>
        </Popover>
      </MenuTrigger>
      {/* Of a file of which nothing can be read the list below tells, once. */}
      {hasCode(views.error, 'WORKSPACE_DAMAGED') ? null : <QueryFailure query={views} />}
      {isSaving ? <ViewsDialog views={all} search={search} suggested={current?.name ?? ''} onClose={() => setSaving(false)} /> : null}
    </>
  );
}

type DialogProps = { readonly views: readonly FlowView[]; readonly search: FlowSearch; readonly suggested: string; readonly onClose: () => void };

function ViewsDialog({ views, search, suggested, onClose }: DialogProps) {
  const [name, setName] = useState(suggested);
  const queries = useQueryClient();
  // No change group of their own: nothing else depends on them.
  const refresh = () => queries.invalidateQueries({ queryKey: api.flows.views.key() });
  const save = useMutation(api.flows.saveView.mutationOptions({ onSuccess: () => refresh().then(onClose) }));
  const remove = useMutation(api.flows.removeView.mutationOptions({ onSuccess: refresh }));
  const read = FlowViewName.safeParse(name);
  const replaced = views.find((view) => view.name === name.trim());
  const issue = name === '' || read.success ? null : (read.error.issues[0]?.message ?? null);
  return (
    <FormModal
      title="Saved views"
      submitText={replaced === undefined ? 'Save view' : 'Replace view'}
      isDisabled={!read.success}
      isBusy={save.isPending}
      error={save.error ?? remove.error}
      onClose={onClose}
      onSubmit={() => save.mutate({ name, filters: filtersOf(search) })}
    >
      <TextInput
        label="Name for what is shown now"
        value={name}
        onChange={setName}
        autoFocus
        error={issue}
        note={replaced === undefined ? 'Everybody who opens this workspace sees it; the command line takes it too: flows list --view NAME' : `Saved by ${replaced.savedBy} on ${exactTime(replaced.savedAtMs)}; saving replaces it.`}
      />
      {views.length === 0 ? null : (
        <ul className="view-list" aria-label="Views of this workspace">
          {views.map((view) => (
            <li key={view.name} className="row">
              <span className="grow truncate inert">{view.name}</span>
              <span className="muted small inert">{Object.entries(view.filters).map(([field, value]) => `${field} ${value}`).join(' · ') || 'last 7 days'}</span>
              <IconButton label={`Remove view ${view.name}`} icon={Trash2} onPress={() => remove.mutate({ name: view.name })} />
            </li>
          ))}
        </ul>
      )}
    </FormModal>
  );
}
