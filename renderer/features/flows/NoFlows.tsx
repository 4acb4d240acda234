import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Waypoints } from 'lucide-react';
import { countText } from '../../../shared/text/amount-text.ts';
import { api, client } from '../../api/client.ts';
import { runTask } from '../../api/task-store.ts';
import { AddHostsLink } from '../../ui/AddHostsLink.tsx';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/StateBlocks.tsx';
import type { FlowSearch } from './flow-search.ts';

/** In place of rows: what to do next. */
export function NoFlows({ search, onClear }: { readonly search: FlowSearch; readonly onClear: () => void }) {
  const isFiltered = Object.values(search).some((value) => value !== undefined);
  return isFiltered ? (
    <EmptyState icon={Waypoints} title="No flow matches" action={<Button onPress={onClear}>Clear filters</Button>}>
      Nothing that was recorded fits these filters.
    </EmptyState>
  ) : (
    <NothingYet />
  );
}

/** What is missing says what to do next: hosts, an agent on them, or a collection. */
function NothingYet() {
  const hosts = useQuery(api.hosts.list.queryOptions({ input: {} }));
  const managed = (hosts.data ?? []).filter((host) => host.managed);
  const withAgent = managed.filter((host) => host.agentVersion !== null).map(({ name }) => name);
  if (hosts.data === undefined) return null;
  if (withAgent.length === 0) {
    return (
      <EmptyState icon={Waypoints} title="No flows in the last 7 days" action={managed.length === 0 ? <AddHostsLink /> : <Link to="/hosts" className="button primary">Install agents</Link>}>
        {managed.length === 0 ? 'Add hosts first; once their agent is installed, their kernels record every new connection.' : 'No host has an agent yet. Once it is installed, the kernel there records every new connection.'}
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={Waypoints} title="No flows in the last 7 days" action={<Button kind="primary" onPress={() => void runTask(`Collect from ${countText(withAgent.length, 'host')}`, () => client.agents.collect({ hosts: { kind: 'names', names: withAgent } }))}>Collect now</Button>}>
      {`${countText(withAgent.length, 'host')} with an agent ${withAgent.length === 1 ? 'is' : 'are'} there. Collect to see what was recorded since, or choose a longer period.`}
    </EmptyState>
  );
}
