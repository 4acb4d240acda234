import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { X } from 'lucide-react';
import { Fragment } from 'react';
import type { PathQuery, PathView } from '../../../shared/contract/reach-views.ts';
import { api } from '../../api/client.ts';
import { IconButton } from '../../ui/Button.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { QueryState } from '../../ui/StateBlocks.tsx';
import { passText } from './reach-columns.tsx';

/** A shortest chain between two hosts, each step with its services and what decides at both ends; or what refuses. */
export function PathPanel({ from, to, policy, onClose }: PathQuery & { readonly onClose: () => void }) {
  const path = useQuery({ ...api.reach.path.queryOptions({ input: { from, to, policy } }), placeholderData: (previous) => previous });
  return (
    <aside className="panel" aria-label="Path">
      <div className="panel-head">
        <h2 className="grow inert">{`${from} → ${to}`}</h2>
        <IconButton label="Close panel" icon={X} onPress={onClose} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (axe scrollable-region-focusable) */}
      <div className="panel-body" role="region" aria-label="Steps" tabIndex={0}>
        <QueryState query={path} what="the path">
          {(view) => (view.steps === null ? <NoPath view={view} policy={policy} /> : <Steps steps={view.steps} />)}
        </QueryState>
      </div>
    </aside>
  );
}

function Steps({ steps }: { readonly steps: NonNullable<PathView['steps']> }) {
  return (
    <>
      <p className="muted">
        The shortest chain: {steps.length} {steps.length === 1 ? 'connection' : 'connections'}.
      </p>
      <ol className="path-steps">
        {steps.map((step) => (
          <li key={step.to}>
            <div className="row spread">
              <span className="strong inert">{`${step.from} → ${step.to}`}</span>
              {step.certain ? <Mark {...passText(step.services)} /> : <Mark meaning="unknown" text="Perhaps" />}
            </div>
            <dl className="path-services">
              {step.services.map(({ text, process, why }) => (
                <Fragment key={`${text} ${why}`}>
                  <dt className="mono">
                    {text}
                    {process === null ? null : <span className="muted"> {process}</span>}
                  </dt>
                  <dd className="small muted inert">{why}</dd>
                </Fragment>
              ))}
            </dl>
            {step.more === 0 ? null : <span className="muted small">and {step.more} more services</span>}
          </li>
        ))}
      </ol>
      <Link to="/rules">Open the rules</Link>
    </>
  );
}

function NoPath({ view, policy }: { readonly view: PathView; readonly policy: PathQuery['policy'] }) {
  return (
    <>
      <p>There is no way, {policy === 'live' ? 'by what hosts run now' : 'once the draft is enforced'}: not over any number of hosts.</p>
      {view.refused.length === 0 ? (
        <p className="muted">Nothing is known to listen on {view.to}.</p>
      ) : (
        <dl className="path-services">
          {view.refused.map(({ text, why }) => (
            <Fragment key={`${text} ${why}`}>
              <dt className="mono">{text}</dt>
              <dd className="small muted inert">{why}</dd>
            </Fragment>
          ))}
        </dl>
      )}
    </>
  );
}
