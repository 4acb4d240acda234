import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { ClipboardCheck, HardDriveDownload, HardDriveUpload, Usb } from 'lucide-react';
import type { SiteView } from '../../../shared/contract/bundles.ts';
import { api } from '../../api/client.ts';
import type { AirgapAsk } from '../../routes.ts';
import { Button } from '../../ui/Button.tsx';
import { PageHead } from '../../ui/PageHead.tsx';
import { Segments } from '../../ui/Segments.tsx';
import { EmptyState, QueryState } from '../../ui/StateBlocks.tsx';
import { ExportPolicyDialog } from './ExportPolicyDialog.tsx';
import { ImportBundlesDialog } from './ImportBundlesDialog.tsx';
import { KitsCard } from './KitsCard.tsx';
import { LastResultCard } from './LastResultCard.tsx';
import { MakeKitDialog } from './MakeKitDialog.tsx';
import { OfflineAuditView } from './OfflineAuditView.tsx';
import { ReceiptsDialog } from './ReceiptsDialog.tsx';
import { SiteCard } from './SiteCard.tsx';

const VIEWS = [
  { value: 'trip', text: 'Round trip' },
  { value: 'audit', text: 'Audit without an agent' },
] as const;

/** Hosts that no cable reaches: what goes there on a stick and comes back, and audits of whatever files tell. The half that is shown and the open dialog stand in the address. */
export function AirgapScreen() {
  const search = useSearch({ from: '/air-gapped' });
  const navigate = useNavigate({ from: '/air-gapped' });
  // While an import runs each bundle changes it, and nobody looks.
  const sites = useQuery({ ...api.bundles.sites.queryOptions({ input: {} }), enabled: (query) => search.ask !== 'import' || query.state.data === undefined });
  const ask = (what: AirgapAsk, host?: string) => void navigate({ search: { ...(host === undefined ? {} : { host }), ask: what } });
  const close = () => void navigate({ search: search.view === undefined ? {} : { view: search.view }, replace: true });
  return (
    <div className="page">
      <PageHead title="Air-gapped" detail={sites.data === undefined ? '' : detailOf(sites.data)}>
        {search.view === 'audit' ? null : <Actions ask={ask} />}
      </PageHead>
      <div className="page-tools">
        <Segments label="What is shown" value={search.view ?? 'trip'} options={VIEWS} onChange={(view) => void navigate({ search: view === 'audit' ? { view } : {} })} />
      </div>
      {search.view === 'audit' ? <OfflineAuditView /> : <RoundTrip sites={sites} ask={ask} />}
      {search.ask === 'kit' ? <MakeKitDialog onClose={close} /> : null}
      {search.ask === 'import' ? <ImportBundlesDialog onClose={close} /> : null}
      {search.ask === 'receipts' ? <ReceiptsDialog onClose={close} /> : null}
      {search.ask === 'export' && sites.data !== undefined ? <ExportPolicyDialog sites={sites.data} host={search.host} onClose={close} /> : null}
    </div>
  );
}

function detailOf(sites: readonly SiteView[]): string {
  const unsigned = sites.filter(({ collected }) => collected === 'unsigned').length;
  const hosts = `${sites.length.toLocaleString('en')} ${sites.length === 1 ? 'host' : 'hosts'}`;
  return unsigned === 0 ? hosts : `${hosts}, ${unsigned.toLocaleString('en')} UNSIGNED`;
}

function Actions({ ask }: { readonly ask: (what: AirgapAsk) => void }) {
  return (
    <>
      <Button icon={Usb} onPress={() => ask('kit')}>
        Make a stick
      </Button>
      <Button icon={HardDriveUpload} onPress={() => ask('export')}>
        Export policy
      </Button>
      <Button icon={ClipboardCheck} onPress={() => ask('receipts')}>
        Import receipts
      </Button>
      <Button icon={HardDriveDownload} kind="primary" onPress={() => ask('import')} data-page-add>
        Import bundles
      </Button>
    </>
  );
}

type TripProps = { readonly sites: Parameters<typeof QueryState<SiteView[]>>[0]['query']; readonly ask: (what: AirgapAsk, host?: string) => void };

function RoundTrip({ sites, ask }: TripProps) {
  return (
    <QueryState query={sites} what="air-gapped hosts">
      {(rows) => (
        <div className="page-body stack airgap-page">
          <LastResultCard />
          {rows.length === 0 ? (
            <EmptyState
              icon={Usb}
              title="No host is reached by stick yet"
              action={
                <Button kind="primary" onPress={() => ask('kit')}>
                  Make a stick
                </Button>
              }
            >
              Make a stick, run its collector on the hosts that no cable reaches, and import what it brings back. Rules go the same way, and a signed receipt says what became of them.
            </EmptyState>
          ) : (
            <ul className="sites" aria-label="Air-gapped hosts">
              {rows.map((site) => (
                <SiteCard key={site.host} site={site} ask={ask} />
              ))}
            </ul>
          )}
          <KitsCard />
        </div>
      )}
    </QueryState>
  );
}
