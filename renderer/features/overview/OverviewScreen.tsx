import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Server } from 'lucide-react';
import type { Overview } from '../../../shared/contract/overview.ts';
import { api } from '../../api/client.ts';
import { Button } from '../../ui/Button.tsx';
import { PageHead } from '../../ui/PageHead.tsx';
import { EmptyState, QueryState } from '../../ui/StateBlocks.tsx';
import { AttentionCard } from './AttentionCard.tsx';
import { ChangesCard } from './ChangesCard.tsx';
import { CoverageCard } from './CoverageCard.tsx';
import { KpiStrip } from './KpiStrip.tsx';
import { RecordCard } from './RecordCard.tsx';
import { ZonesCard } from './ZonesCard.tsx';

/** How the site is, and what needs somebody: the first screen. */
export function OverviewScreen() {
  const overview = useQuery(api.overview.get.queryOptions({ input: {} }));
  return (
    <div className="page">
      <PageHead title="Overview" detail={overview.data === undefined ? '' : stateText(overview.data)} />
      <QueryState query={overview} what="the overview">
        {(data) => (data.coverage.managed + data.coverage.unmanaged === 0 ? <NoHosts /> : <Body overview={data} />)}
      </QueryState>
    </div>
  );
}

const stateText = ({ version, draftChanged }: Overview): string => `${version === null ? 'nothing was pushed yet' : `version ${version}`}${draftChanged ? ', the draft differs' : ''}`;

function Body({ overview }: { readonly overview: Overview }) {
  return (
    <div className="page-body overview">
      <KpiStrip />
      <div className="overview-columns">
        <div className="stack">
          <AttentionCard items={overview.attention} alerts={overview.alerts} />
          <ChangesCard changes={overview.changes} />
        </div>
        <div className="stack">
          <CoverageCard coverage={overview.coverage} />
          <ZonesCard zones={overview.zones} />
          <RecordCard record={overview.record} />
        </div>
      </div>
    </div>
  );
}

function NoHosts() {
  const navigate = useNavigate();
  return (
    <EmptyState icon={Server} title="No hosts yet" action={<Button kind="primary" onPress={() => void navigate({ to: '/hosts' })}>Add hosts</Button>}>
      Add the hosts of your site, or import them from a file. With an agent on them this page shows what they do, how far they are protected, and what needs you.
    </EmptyState>
  );
}
