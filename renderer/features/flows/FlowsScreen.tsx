import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Download, Waypoints } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import type { FlowRow } from '../../../shared/contract/views.ts';
import { api, client } from '../../api/client.ts';
import { RuleDialog } from '../../editors/RuleDialog.tsx';
import { draftFromFlow } from '../../editors/draft-from-flow.ts';
import { Button } from '../../ui/Button.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { PageHead } from '../../ui/PageHead.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { EmptyState, QueryState } from '../../ui/StateBlocks.tsx';
import { useNowMs } from '../../ui/TimeAgo.tsx';
import { FlowFilters } from './FlowFilters.tsx';
import { endsOfFlow, flowColumns } from './flow-columns.tsx';
import { type FlowSearch, flowQueryOf } from './flow-search.ts';

/** What the hosts' kernels recorded, with what each did and what the draft would do. */
export function FlowsScreen() {
  const search = useSearch({ from: '/flows' });
  const navigate = useNavigate({ from: '/flows' });
  const [drafted, setDrafted] = useState<FlowRow | null>(null);
  const nowMs = useNowMs();
  const input = flowQueryOf(useDeferredValue(search), nowMs);
  const flows = useQuery({ ...api.flows.list.queryOptions({ input }), placeholderData: (previous) => previous });
  const exported = useMutation({
    mutationFn: () => client.flows.exportCsv(input),
    onSuccess: ({ text }) => saveFile('flows.csv', new Blob([text], { type: 'text/csv' })),
  });
  const change = (fields: Partial<FlowSearch>) => void navigate({ search: (current) => ({ ...current, ...fields }), replace: true });
  return (
    <div className="page">
      <PageHead
        title="Flows"
        detail={flows.data === undefined ? '' : `${countText(flows.data.rows.length, flows.data.total)}; bold is the end that reported it`}
      >
        <Button icon={Download} isDisabled={exported.isPending} onPress={() => exported.mutate()}>
          Export CSV
        </Button>
      </PageHead>
      <FlowFilters search={search} onChange={change} />
      {exported.error === null ? null : <ErrorNote error={exported.error} />}
      <div className="page-body flush">
        <QueryState query={flows} what="flows">
          {({ rows }) => (
            <DataTable
              label="Flows"
              columns={flowColumns(setDrafted)}
              rows={rows}
              rowKey={(row) => row.id}
              empty={<NoFlows search={search} onClear={() => void navigate({ search: {}, replace: true })} />}
            />
          )}
        </QueryState>
      </div>
      {drafted === null ? null : <DraftRule flow={drafted} onClose={() => setDrafted(null)} />}
    </div>
  );
}

const countText = (shown: number, total: number): string =>
  shown === total ? `${total.toLocaleString('en')} seen` : `first ${shown.toLocaleString('en')} of ${total.toLocaleString('en')}`;

function NoFlows({ search, onClear }: { readonly search: FlowSearch; readonly onClear: () => void }) {
  const isFiltered = Object.values(search).some((value) => value !== undefined);
  return isFiltered ? (
    <EmptyState icon={Waypoints} title="No flow matches" action={<Button onPress={onClear}>Clear filters</Button>}>
      Nothing that was recorded fits these filters.
    </EmptyState>
  ) : (
    <EmptyState icon={Waypoints} title="No flows yet">
      Install the agent on a host; its kernel then records every new connection. Collect from it to see them here.
    </EmptyState>
  );
}

function DraftRule({ flow, onClose }: { readonly flow: FlowRow; readonly onClose: () => void }) {
  const hosts = useQuery(api.hosts.list.queryOptions({ input: {} }));
  const policy = useQuery(api.policy.get.queryOptions({ input: {} }));
  if (hosts.data === undefined || policy.data === undefined) return null;
  const { from, to } = endsOfFlow(flow, hosts.data);
  return (
    <RuleDialog
      changed={null}
      initial={draftFromFlow(from, to, [flow], policy.data.policy.ipLists)}
      basis={`Drafted from ${from.name} → ${to.name}, seen ${flow.connections} times. Both ends are widened to their labels; look at what they match.`}
      onClose={onClose}
    />
  );
}
