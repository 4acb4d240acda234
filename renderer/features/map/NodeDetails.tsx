import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '../../api/client.ts';
import { LabelChips } from '../../ui/LabelChips.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { ModeBadge } from '../../ui/ModeBadge.tsx';
import { TimeAgo } from '../../ui/TimeAgo.tsx';
import { type DrawnEdge, type DrawnNode, edgeLabel, type MapModel } from './map-model.ts';

type Props = { readonly node: DrawnNode; readonly model: MapModel; readonly onEdge: (id: string) => void };

const SHOWN_MEMBERS = 40;

/** A host in short, or the peers that a group stands for, with its connections in both directions. */
export function NodeDetails({ node, model, onEdge }: Props) {
  return (
    <>
      {node.kind === 'host' || node.kind === 'unmanaged' ? <HostSummary node={node} /> : null}
      {node.kind === 'external' ? <p className="muted">Outside of this workspace. Add it as an unmanaged host or to an IP list to give it a name.</p> : null}
      {node.kind === 'group' ? <GroupMembers node={node} /> : null}
      <EdgeList title="Calls" edges={model.edges.filter((edge) => edge.source === node.id)} other={(edge) => edge.target} model={model} onEdge={onEdge} />
      <EdgeList
        title="Is called by"
        edges={model.edges.filter((edge) => edge.target === node.id)}
        other={(edge) => edge.source}
        model={model}
        onEdge={onEdge}
      />
    </>
  );
}

function HostSummary({ node }: { readonly node: DrawnNode }) {
  const hosts = useQuery(api.hosts.list.queryOptions({ input: {} }));
  const host = hosts.data?.find((each) => each.id === node.members[0]?.host);
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
      <Link to="/hosts/$name" params={{ name: host.name }}>
        Open {host.name}
      </Link>
    </section>
  );
}

function GroupMembers({ node }: { readonly node: DrawnNode }) {
  return (
    <section className="stack tight">
      <h3>Peers in this group</h3>
      <ul className="mono inert">
        {node.members.slice(0, SHOWN_MEMBERS).map((member) => (
          <li key={member.id}>{member.label}</li>
        ))}
      </ul>
      {node.members.length > SHOWN_MEMBERS ? <p className="muted small">and {node.members.length - SHOWN_MEMBERS} more</p> : null}
    </section>
  );
}

type EdgeListProps = {
  readonly title: string;
  readonly edges: readonly DrawnEdge[];
  readonly other: (edge: DrawnEdge) => string;
  readonly model: MapModel;
  readonly onEdge: (id: string) => void;
};

function EdgeList({ title, edges, other, model, onEdge }: EdgeListProps) {
  if (edges.length === 0) return null;
  return (
    <section className="stack tight">
      <h3>{title}</h3>
      <ul className="stack tight">
        {edges.map((edge) => (
          <li key={edge.id}>
            <button type="button" className="edge-line" onClick={() => onEdge(edge.id)}>
              <Mark meaning={edge.verdict} text={model.nodes.find((node) => node.id === other(edge))?.label ?? other(edge)} />
              <span className="mono muted">{edgeLabel(edge)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
