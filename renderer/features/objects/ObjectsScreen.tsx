import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Policy } from '../../../shared/model/policy.ts';
import { api } from '../../api/client.ts';
import { Button } from '../../ui/Button.tsx';
import { PageHead } from '../../ui/PageHead.tsx';
import { SearchInput } from '../../ui/SearchInput.tsx';
import { Segments } from '../../ui/Segments.tsx';
import { QueryState } from '../../ui/StateBlocks.tsx';
import { IpListDialog } from './IpListDialog.tsx';
import { IpListTable } from './IpListTable.tsx';
import { LedgerPanel } from './LedgerPanel.tsx';
import type { ObjectsDialog } from './objects-dialog.ts';
import { RemoveObjectDialog } from './RemoveObjectDialog.tsx';
import { ServiceDialog } from './ServiceDialog.tsx';
import { ServiceTable } from './ServiceTable.tsx';

const kinds = [
  { value: 'service', text: 'Services' },
  { value: 'iplist', text: 'IP lists' },
] as const;

/** The named services and IP lists of the draft, and what uses each. */
export function ObjectsScreen() {
  const policy = useQuery(api.policy.get.queryOptions({ input: {} }));
  const wanted = useSearch({ strict: false }).objectKind ?? 'service';
  const [kind, setKind] = useState<'service' | 'iplist'>(wanted);
  useEffect(() => setKind(wanted), [wanted]);
  const [filter, setFilter] = useState('');
  const [ledgerOf, setLedgerOf] = useState<string | null>(null);
  const [dialog, setDialog] = useState<ObjectsDialog | null>(null);
  const add = () => setDialog({ kind, changed: null });
  return (
    <div className="page">
      <PageHead title="Objects" detail="named services and IP lists, which rules use by name">
        <Button kind="primary" icon={Plus} onPress={add} data-page-add>
          {kind === 'service' ? 'Add service' : 'Add IP list'}
        </Button>
      </PageHead>
      <div className="page-tools">
        <Segments label="Kind of object" value={kind} options={kinds} onChange={setKind} />
        <SearchInput label="Filter objects" value={filter} onChange={setFilter} />
      </div>
      <div className="split">
        <QueryState query={policy} what="objects">
          {(draft) => (
            <div className="split-main">
              {kind === 'service' ? (
                <ServiceTable policy={draft.policy} filter={filter} open={setDialog} onAdd={add} />
              ) : (
                <IpListTable policy={draft.policy} filter={filter} open={setDialog} onAdd={add} onLedger={setLedgerOf} />
              )}
              <OpenDialog dialog={dialog} policy={draft.policy} onClose={() => setDialog(null)} />
            </div>
          )}
        </QueryState>
        {kind === 'iplist' && ledgerOf !== null ? <LedgerPanel key={ledgerOf} list={ledgerOf} onClose={() => setLedgerOf(null)} /> : null}
      </div>
    </div>
  );
}

function OpenDialog({ dialog, policy, onClose }: { readonly dialog: ObjectsDialog | null; readonly policy: Policy; readonly onClose: () => void }) {
  switch (dialog?.kind) {
    case undefined:
      return null;
    case 'service':
      return <ServiceDialog changed={dialog.changed} policy={policy} onClose={onClose} />;
    case 'iplist':
      return <IpListDialog changed={dialog.changed} policy={policy} onClose={onClose} />;
    case 'remove':
      return <RemoveObjectDialog what={dialog.what} name={dialog.name} policy={policy} onClose={onClose} />;
  }
}
