import { CircleCheck, Server } from 'lucide-react';
import type { Plan } from '../../../shared/model/diff.ts';
import { AddHostsLink } from '../../ui/AddHostsLink.tsx';
import { Note } from '../../ui/Note.tsx';
import { RuleLinks } from '../../ui/RuleLinks.tsx';
import { EmptyState } from '../../ui/StateBlocks.tsx';
import { Warnings } from '../../ui/Warnings.tsx';
import { HostDiffList } from './HostDiffList.tsx';
import { ImpactCard } from './ImpactCard.tsx';
import { isUnchanged } from './plan-facts.ts';
import { PolicyDiffCard } from './PolicyDiffCard.tsx';
import { SessionsCard } from './SessionsCard.tsx';

/** The three layers, risk first: which seen flows change verdict, what changes on each host, what changed in the policy. */
export function PlanView({ plan, zone }: { readonly plan: Plan; readonly zone: string | null }) {
  return (
    <>
      <Refusals plan={plan} />
      <Warnings texts={plan.warnings} />
      {isUnchanged(plan) && plan.hosts.length === 0 ? (
        <EmptyState icon={Server} title="No host to push to" action={<AddHostsLink />}>
          No host here has an agent yet. Once one has, what the draft changes on it and about the flows that it saw is shown here before anything is sent.
        </EmptyState>
      ) : isUnchanged(plan) ? (
        <EmptyState icon={CircleCheck} title="Every host runs the draft">
          Change zones or rules, and what that does to hosts and to seen flows is shown here before anything is sent.
        </EmptyState>
      ) : (
        <>
          <ImpactCard impact={plan.impact} impactTotal={plan.impactTotal} />
          <SessionsCard plan={plan} zone={zone} />
          <HostDiffList hosts={plan.hosts} />
          <PolicyDiffCard rows={plan.policyDiff} />
        </>
      )}
    </>
  );
}

/** What stops the push. Nothing else on this screen is red unless a seen flow gets blocked. */
function Refusals({ plan }: { readonly plan: Plan }) {
  const { refusals, brokenTests } = plan;
  if (refusals.length === 0 && brokenTests.length === 0) return null;
  return (
    <div role="alert">
      <Note
        kind="error"
        title={`This plan cannot be pushed: ${refusals.length + brokenTests.length === 1 ? 'one reason' : `${refusals.length + brokenTests.length} reasons`}.`}
      >
        <ul className="stack tight reasons">
          {refusals.map((refusal) => (
            <li key={`${refusal.host} ${refusal.reason}`}>
              <span className="strong">{refusal.host}</span>: <RuleLinks text={refusal.rule === null || refusal.reason.includes(refusal.rule) ? refusal.reason : `${refusal.reason} (rule ${refusal.rule})`} />
            </li>
          ))}
          {brokenTests.map((test) => (
            <li key={test}>
              <span className="strong">Policy test</span>: <RuleLinks text={test} />
            </li>
          ))}
        </ul>
        <p className="note-hint">Nothing is sent to any host. Change the draft; this page follows.</p>
      </Note>
    </div>
  );
}
