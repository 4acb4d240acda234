import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { countText } from '../../../shared/text/amount-text.ts';
import { api } from '../../api/client.ts';
import { Button } from '../../ui/Button.tsx';
import { LabelChips } from '../../ui/LabelChips.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { ModeBadge } from '../../ui/ModeBadge.tsx';
import { TimeAgo } from '../../ui/TimeAgo.tsx';
import { EDGE_WORDS } from '../../ui/verdict-words.ts';
import { EdgeLines } from './EdgeLines.tsx';
import type { MapActions } from './map-actions.ts';
import { canOpen } from './map-elements.ts';
import { mapEndOf } from './map-end.ts';
import { type DrawnNode, edgeLabel, hostsText, type MapModel } from './map-model.ts';

type Props = { readonly node: DrawnNode; readonly model: MapModel; readonly actions: MapActions };

/** A host in short, or what a group stands for, with its hubs and its connections in both directions. */
export function NodeDetails({ node, model, actions }: Props) {
  const parent = model.groups.find((group) => group.id === node.parent);
  const onEdge = (id: string) => actions.select([id]);
  return (
    <>
      <div className="row wrap">
        {canOpen(node) ? <Button onPress={() => actions.open(node.id)}>Expand {node.label}</Button> : null}
        {node.kind === 'external' && actions.groupPeers !== null ? <Button onPress={actions.groupPeers}>Group outside peers again</Button> : null}
        {parent === undefined ? null : <Button onPress={() => actions.shut(parent.id)}>Collapse {parent.label}</Button>}
      </div>
      <NodeSummary node={node} />
      <WithinLine node={node} model={model} />
      <HubLines node={node} model={model} actions={actions} />
      <EdgeLines title="Calls" edges={model.edges.filter((edge) => edge.source === node.id)} nameOf={(edge) => mapEndOf(model, edge.target).label} onEdge={onEdge} />
      <EdgeLines title="Is called by" edges={model.edges.filter((edge) => edge.target === node.id)} nameOf={(edge) => mapEndOf(model, edge.source).label} onEdge={onEdge} />
    </>
  );
}

function NodeSummary({ node }: { readonly node: DrawnNode }) {
  if (node.kind === 'host' || node.kind === 'unmanaged') return <HostSummary name={node.label} />;
  if (node.kind === 'external') return <p className="muted">Outside of this workspace. Add it as an unmanaged host or to an IP list to give it a name.</p>;
  const what = node.kind === 'peers' ? countText(node.count, 'network') : hostsText(node.count);
  return (
    <section className="stack tight">
      <div className="row">
        {node.kind === 'zone' && node.mode !== null && node.zone !== null ? <ModeBadge mode={node.mode} /> : null}
        <span>{what}</span>
      </div>
      {Object.keys(node.labels).length === 0 ? null : <LabelChips labels={node.labels} />}
      {node.kind === 'peers' && !canOpen(node) ? <p className="muted">So many are not drawn one by one; filter first, or give the ones that matter a name in an IP list.</p> : null}
      <p className="mono small inert">{node.names.join(', ')}{node.count > node.names.length ? ` and ${(node.count - node.names.length).toLocaleString('en')} more` : ''}</p>
    </section>
  );
}

function HostSummary({ name }: { readonly name: string }) {
  const { data: host } = useQuery(api.hosts.get.queryOptions({ input: { name } }));
  if (host === undefined) return null;
  return (
    <section className="stack tight">
      <LabelChips labels={host.labels} />
      <div className="row">
        <ModeBadge mode={host.draftMode} />
        <span>{host.zone ?? 'in no zone'}</span>
      </div>
      <p className="mono">{host.addresses.join(', ')}</p>
      <p className="muted">
        last contact <TimeAgo atMs={host.lastContactAtMs} />
      </p>
      <div className="row wrap">
        <Link to="/hosts/$name" params={{ name: host.name }}>
          Open {host.name}
        </Link>
        <Link to="/reach" search={{ of: host.name }}>
          What it reaches
        </Link>
      </div>
    </section>
  );
}

function WithinLine({ node, model }: { readonly node: DrawnNode; readonly model: MapModel }) {
  const within = model.within.get(node.id);
  if (within === undefined) return null;
  return (
    <section className="stack tight">
      <h3>Within it</h3>
      <div className="row spread">
        <Mark meaning={within.verdict} text={EDGE_WORDS[within.verdict]} />
        <span className="mono muted">{edgeLabel(within)}</span>
      </div>
    </section>
  );
}

/** Hubs are told here instead of by lines; each can be drawn. */
function HubLines({ node, model, actions }: Props) {
  const hubs = node.badges.flatMap((badge) => model.hubs.filter((hub) => hub.id === badge.hub).map((hub) => ({ ...badge, hubText: hub.text })));
  if (hubs.length === 0) return null;
  return (
    <section className="stack tight">
      <h3>Uses, not drawn</h3>
      <ul className="stack tight">
        {hubs.map(({ hub, hubText, isProvider, connections }) => (
          <li key={`${hub} ${isProvider}`} className="row spread">
            <span>
              {isProvider ? `${hubText}, provides` : hubText}
              <span className="muted small"> {countText(connections, 'connection')}</span>
            </span>
            <Button small onPress={() => actions.unfold(hub, true)} aria-label={`Draw the lines of ${hubText}`}>
              Draw lines
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
