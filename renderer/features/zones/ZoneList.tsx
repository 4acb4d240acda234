import { useMutation, useQuery } from '@tanstack/react-query';
import { ArrowDown, ArrowUp } from 'lucide-react';
import type { Zone } from '../../../shared/model/policy.ts';
import { printSelectorSet } from '../../../shared/text/selector-text.ts';
import { printServiceRefs } from '../../../shared/text/service-text.ts';
import { api } from '../../api/client.ts';
import { MatchNote } from '../../editors/MatchNote.tsx';
import { IconButton } from '../../ui/Button.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { RowMenu } from '../../ui/Menu.tsx';
import { movedName } from '../../ui/moved-name.ts';
import { ClosureNotes } from './ClosureNotes.tsx';
import { MaturityNote } from './MaturityNote.tsx';
import { ModeTrack } from './ModeTrack.tsx';
import type { ZonesDialog } from './zones-dialog.ts';

type Props = { readonly zones: readonly Zone[]; readonly open: (dialog: ZonesDialog) => void };

export function ZoneList({ zones, open }: Props) {
  const order = useMutation(api.policy.orderZones.mutationOptions());
  const names = zones.map((zone) => zone.name);
  const move = (index: number, by: -1 | 1) => order.mutate({ names: movedName(names, index, by) });
  return (
    <>
      {order.error === null ? null : <ErrorNote error={order.error} />}
      <ol className="zone-list card" aria-label="Zones in order">
        {zones.map((zone, index) => (
          <li key={zone.name} className="zone-row" aria-label={zone.name}>
            <div className="zone-order">
              <IconButton label={`Move ${zone.name} up`} icon={ArrowUp} isDisabled={index === 0} onPress={() => move(index, -1)} />
              <span className="muted small">{index + 1}</span>
              <IconButton label={`Move ${zone.name} down`} icon={ArrowDown} isDisabled={index === zones.length - 1} onPress={() => move(index, 1)} />
            </div>
            <ZoneText zone={zone} />
            <ModeTrack zone={zone} onMode={(mode) => open({ kind: 'mode', zone, mode })} />
            <RowMenu
              label={`Actions for ${zone.name}`}
              actions={[
                { id: 'edit', text: 'Edit …', run: () => open({ kind: 'edit', zone }) },
                { id: 'close', text: 'Close a service …', isDanger: true, run: () => open({ kind: 'close', zone }) },
                { id: 'remove', text: 'Remove …', isDanger: true, run: () => open({ kind: 'remove', zone }) },
              ]}
            />
          </li>
        ))}
      </ol>
    </>
  );
}

function ZoneText({ zone }: { readonly zone: Zone }) {
  const hosts = useQuery(api.hosts.list.queryOptions({ input: {} }));
  const inZone = hosts.data?.filter((host) => host.zone === zone.name) ?? [];
  return (
    <div className="stack tight grow">
      <div className="row wrap">
        <h2>{zone.name}</h2>
        <span className={`badge ${zone.outbound === 'restricted' ? 'restricted' : ''}`}>outbound {zone.outbound}</span>
        {zone.onlyServices === null ? null : <span className="badge">refuses only {printServiceRefs(zone.onlyServices)}</span>}
        {zone.note === '' ? null : <span className="muted truncate">{zone.note}</span>}
      </div>
      <code>{printSelectorSet(zone.select)}</code>
      <p className="small muted">
        <MatchNote peer={{ kind: 'selector', select: zone.select }} />
        {hosts.data === undefined ? '' : ` · ${inZone.length} in this zone`}
      </p>
      <MaturityNote zone={zone.name} />
      <ClosureNotes zone={zone.name} />
    </div>
  );
}
