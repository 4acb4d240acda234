import { useQuery } from '@tanstack/react-query';
import { Layers, Plus } from 'lucide-react';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { Button } from '../../ui/Button.tsx';
import { Note } from '../../ui/Note.tsx';
import { PageHead } from '../../ui/PageHead.tsx';
import { EmptyState, QueryState } from '../../ui/StateBlocks.tsx';
import { groupOverlaps } from './overlap-text.ts';
import { CloseServiceDialog } from './CloseServiceDialog.tsx';
import { ModeDialog } from './ModeDialog.tsx';
import { RemoveZoneDialog } from './RemoveZoneDialog.tsx';
import { UnzonedHosts } from './UnzonedHosts.tsx';
import { ZoneDialog } from './ZoneDialog.tsx';
import { ZoneList } from './ZoneList.tsx';
import type { ZonesDialog } from './zones-dialog.ts';

/** The ordered zones of the draft, each on its way observe → test → enforce. */
export function ZonesScreen() {
  const policy = useQuery(api.policy.get.queryOptions({ input: {} }));
  const [dialog, setDialog] = useState<ZonesDialog | null>(null);
  const add = () => setDialog({ kind: 'edit', zone: null });
  const close = () => setDialog(null);
  return (
    <div className="page">
      <PageHead title="Zones" detail="a host belongs to the first zone that selects it">
        <Button kind="primary" icon={Plus} onPress={add} data-page-add>
          Add zone
        </Button>
      </PageHead>
      <QueryState query={policy} what="zones">
        {({ policy: { zones }, overlaps }) =>
          zones.length === 0 ? (
            <EmptyState
              icon={Layers}
              title="No zones yet"
              action={
                <Button kind="primary" icon={Plus} onPress={add}>
                  Add the first zone
                </Button>
              }
            >
              A zone selects hosts by their labels, for instance app=shop,env=prod. It begins in observe: everything is recorded and nothing is blocked.
            </EmptyState>
          ) : (
            <div className="page-body stack">
              {overlaps.length === 0 ? null : (
                <Note
                  kind="plain"
                  title={`${overlaps.length} ${overlaps.length === 1 ? 'host is' : 'hosts are'} selected by more than one zone; the first in the order below wins.`}
                >
                  <p className="note-hint">{groupOverlaps(overlaps).join(' · ')}</p>
                </Note>
              )}
              <ZoneList zones={zones} open={setDialog} />
              <UnzonedHosts />
            </div>
          )
        }
      </QueryState>
      {dialog?.kind === 'edit' ? <ZoneDialog zone={dialog.zone} onClose={close} /> : null}
      {dialog?.kind === 'mode' ? <ModeDialog zone={dialog.zone} mode={dialog.mode} onClose={close} /> : null}
      {dialog?.kind === 'close' ? <CloseServiceDialog zone={dialog.zone} onClose={close} /> : null}
      {dialog?.kind === 'remove' ? <RemoveZoneDialog zone={dialog.zone} onClose={close} /> : null}
    </div>
  );
}
