import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { api } from '../../api/client.ts';
import { hasCode } from '../../api/error-sentence.ts';
import { usePush } from '../../api/push-store.ts';
import { Choice } from '../../ui/Choice.tsx';
import { PageHead } from '../../ui/PageHead.tsx';
import { QueryState } from '../../ui/StateBlocks.tsx';
import { HistoryCard } from './HistoryCard.tsx';
import { PlanView } from './PlanView.tsx';
import { PushForm } from './PushForm.tsx';
import { PushProgress } from './PushProgress.tsx';
import { VersionsCard } from './VersionsCard.tsx';
import { WaitingCard } from './WaitingCard.tsx';

/** What a push would change, the push itself with its progress, and what was pushed before. */
export function ChangesScreen() {
  const { zone = '' } = useSearch({ from: '/changes' });
  const navigate = useNavigate({ from: '/changes' });
  const policy = useQuery(api.policy.get.queryOptions({ input: {} }));
  const scope = zone === '' ? null : zone;
  const plan = useQuery({ ...api.pushes.plan.queryOptions({ input: { zone: scope } }), staleTime: 0, placeholderData: (previous) => previous });
  const live = usePush();
  // Then nothing of the file can be read, which is told once.
  const isUnreadable = plan.data === undefined && hasCode(plan.error, 'WORKSPACE_DAMAGED');
  const zones = [{ value: '', text: 'All zones' }, ...(policy.data?.policy.zones ?? []).map((each) => ({ value: String(each.name), text: String(each.name) }))];
  return (
    <div className="page">
      <PageHead title="Changes" detail={plan.data === undefined ? '' : plan.data.baseVersion === null ? 'nothing was pushed yet' : `draft against version ${plan.data.baseVersion}`}>
        <div className="scope">
          <Choice label="Hosts of" labelHidden value={zone} options={zones} onChange={(next) => void navigate({ search: next === '' ? {} : { zone: next } })} />
        </div>
      </PageHead>
      <div className="split">
        <div className="page-body stack" data-testid="plan">
          {live.push === null && live.error === null && !live.isRunning ? null : <PushProgress />}
          <QueryState query={plan} what="the plan">
            {(data) => <PlanView plan={data} zone={scope} />}
          </QueryState>
        </div>
        {isUnreadable ? null : (
          <aside className="panel" aria-label="Push and history">
            <div className="panel-body">
              {plan.data === undefined ? null : <PushForm plan={plan.data} zone={scope} />}
              <WaitingCard />
              <HistoryCard />
              <VersionsCard />
            </div>
          </aside>
        )}
      </div>
    </div>
  );
}
