import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { BellRing, SlidersHorizontal } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { api } from '../../api/client.ts';
import { Button } from '../../ui/Button.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { PageHead } from '../../ui/PageHead.tsx';
import { EmptyState, QueryState } from '../../ui/StateBlocks.tsx';
import { AcknowledgeDialog } from './AcknowledgeDialog.tsx';
import { alertColumns } from './alert-columns.tsx';
import { AlertFilters } from './AlertFilters.tsx';
import { AlertPanel } from './AlertPanel.tsx';
import { type AlertSearch, alertQueryOf } from './alert-search.ts';
import { AlertSettingsDialog } from './AlertSettingsDialog.tsx';

/** What hosts and their records gave reason to look at, once each; filters and the open details stand in the address. */
export function AlertsScreen() {
  const search = useSearch({ from: '/alerts' });
  const navigate = useNavigate({ from: '/alerts' });
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const [dialog, setDialog] = useState<'acknowledge' | 'settings' | null>(null);
  const alerts = useQuery({ ...api.alerts.list.queryOptions({ input: alertQueryOf(useDeferredValue(search)) }), placeholderData: (previous) => previous });
  const change = (fields: Partial<AlertSearch>) => void navigate({ search: (current) => ({ ...current, ...fields }), replace: true });
  const rows = alerts.data?.rows ?? [];
  // What a filter or another person has taken away is not acknowledged unseen.
  const shownIds = rows.filter(({ id }) => chosen.has(id)).map(({ id }) => id);
  return (
    <div className="page">
      <PageHead title="Alerts" detail={alerts.data === undefined ? '' : countText(rows.length, alerts.data.total)}>
        {shownIds.length === 0 ? null : <Button onPress={() => setDialog('acknowledge')}>{`Acknowledge ${shownIds.length} …`}</Button>}
        <Button icon={SlidersHorizontal} onPress={() => setDialog('settings')}>
          Thresholds, mutes, notifications
        </Button>
      </PageHead>
      <AlertFilters search={search} counts={alerts.data?.counts ?? null} onChange={change} />
      <div className="split">
        <div className="split-main">
          <QueryState query={alerts} what="alerts">
            {() => (
              <DataTable
                label="Alerts"
                columns={alertColumns({ chosen, onChoose: setChosen, rows })}
                rows={rows}
                rowKey={(alert) => alert.id}
                isChosen={(alert) => alert.id === search.id}
                empty={<NoAlerts search={search} hasAny={Object.values(alerts.data?.counts ?? {}).some((count) => count > 0)} onClear={() => void navigate({ search: { state: 'all' }, replace: true })} />}
              />
            )}
          </QueryState>
        </div>
        {search.id === undefined ? null : <AlertPanel key={search.id} id={search.id} onClose={() => change({ id: undefined })} />}
      </div>
      {dialog === 'acknowledge' ? (
        <AcknowledgeDialog
          ids={shownIds}
          onClose={() => {
            setChosen(new Set());
            setDialog(null);
          }}
        />
      ) : null}
      {dialog === 'settings' ? <AlertSettingsDialog onClose={() => setDialog(null)} /> : null}
    </div>
  );
}

const countText = (shown: number, total: number): string => (shown === total ? `${total.toLocaleString('en')} shown` : `first ${shown.toLocaleString('en')} of ${total.toLocaleString('en')}`);

function NoAlerts({ search: { id: _id, ...filters }, hasAny, onClear }: { readonly search: AlertSearch; readonly hasAny: boolean; readonly onClear: () => void }) {
  const isFiltered = Object.values(filters).some((value) => value !== undefined);
  if (isFiltered || hasAny) {
    return (
      <EmptyState icon={BellRing} title={isFiltered ? 'No alert matches' : 'Nothing is open'} action={<Button onPress={onClear}>Show all alerts</Button>}>
        {isFiltered ? 'No alert fits these filters.' : 'What was acknowledged, muted or settled is kept, with who did it.'}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={BellRing}
      title="No alert yet"
      action={
        <Link to="/settings" className="button">
          Collect by itself
        </Link>
      }
    >
      Alerts come from what is collected from hosts: blocked flows, new services, silent agents, tampering, drift, footprint and connection rates. The settings say how often an open window collects.
    </EmptyState>
  );
}
