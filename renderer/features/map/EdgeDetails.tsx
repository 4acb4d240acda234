import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { draftFromFlow, serviceText } from '../../editors/draft-from-flow.ts';
import { RuleDialog } from '../../editors/RuleDialog.tsx';
import { Button } from '../../ui/Button.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { TimeAgo } from '../../ui/TimeAgo.tsx';
import { EDGE_WORDS } from '../../ui/verdict-words.ts';
import type { DrawnEdge, DrawnNode, SeenEdge } from './map-model.ts';

/** One end as the panel needs it: a drawn node, or a zone. `host` is null for everything but a single host of ours. */
export type EdgeEnd = { readonly kind: DrawnNode['kind'] | 'zone'; readonly label: string; readonly host: DrawnNode['members'][number]['host'] };
type Props = { readonly edge: DrawnEdge; readonly source: EdgeEnd; readonly target: EdgeEnd; readonly nameOf: (id: string) => string };

/** Every service of a connection with its evidence, and the way from it to a rule. */
export function EdgeDetails({ edge, source, target, nameOf }: Props) {
  const [drafted, setDrafted] = useState<readonly SeenEdge[] | null>(null);
  const open = edge.parts.filter((part) => part.verdict !== 'allowed');
  const [from, to] = [peerOf(source), peerOf(target)];
  const search = { ...(from === null ? {} : { from }), ...(to === null ? {} : { to }) };
  return (
    <>
      {open.length > 1 ? <Button onPress={() => setDrafted(open)}>Draft one rule for these {new Set(open.map(serviceText)).size} services</Button> : null}
      <ul className="parts">
        {edge.parts.map((part) => (
          <EdgePart key={part.id} part={part} pair={edge.bundle === null ? null : pairOf(part, nameOf)} onDraft={() => setDrafted([part])} />
        ))}
      </ul>
      <Link to="/flows" search={search}>
        Show its flows
      </Link>
      {drafted === null ? null : <EdgeRuleDialog parts={drafted} source={source} target={target} onClose={() => setDrafted(null)} />}
    </>
  );
}

function EdgePart({ part, pair, onDraft }: { readonly part: SeenEdge; readonly pair: string | null; readonly onDraft: () => void }) {
  return (
    <li className="part">
      <div className="row spread">
        <span className="mono strong">{serviceText(part)}</span>
        <Mark meaning={part.verdict} text={EDGE_WORDS[part.verdict]} />
      </div>
      {pair === null ? null : <span className="small inert">{pair}</span>}
      <dl className="facts small inert">
        <dt>User</dt>
        <dd>{part.users.length === 0 ? 'unknown' : part.users.join(', ')}</dd>
        <dt>Unit</dt>
        <dd>{part.units.length === 0 ? 'unknown' : part.units.join(', ')}</dd>
        <dt>Seen</dt>
        <dd>
          {part.connections.toLocaleString('en')} {part.connections === 1 ? 'connection' : 'connections'}, last <TimeAgo atMs={part.lastSeenAtMs} />
        </dd>
      </dl>
      {part.verdict === 'allowed' ? null : (
        <Button small onPress={onDraft}>
          Draft a rule for this
        </Button>
      )}
    </li>
  );
}

const pairOf = (part: SeenEdge, nameOf: (id: string) => string): string => `${nameOf(part.source)} → ${nameOf(part.target)}`;

/** The end as a filter of the flows screen, or null where no filter says it. */
function peerOf(end: EdgeEnd): string | null {
  if (end.kind === 'host' || end.kind === 'unmanaged') return `host:${end.label}`;
  return end.kind === 'zone' ? `zone:${end.label}` : null;
}

type RuleProps = { readonly parts: readonly SeenEdge[]; readonly source: EdgeEnd; readonly target: EdgeEnd; readonly onClose: () => void };

function EdgeRuleDialog({ parts, source, target, onClose }: RuleProps) {
  const hosts = useQuery(api.hosts.list.queryOptions({ input: {} }));
  const policy = useQuery(api.policy.get.queryOptions({ input: {} }));
  if (hosts.data === undefined || policy.data === undefined) return null;
  const seenEnd = (end: EdgeEnd) => ({
    name: end.kind === 'zone' ? `zone:${end.label}` : end.label,
    host: hosts.data.find((host) => host.id === end.host) ?? null,
  });
  const [from, to] = [seenEnd(source), seenEnd(target)];
  return (
    <RuleDialog
      changed={null}
      initial={draftFromFlow(from, to, parts, policy.data.policy.ipLists)}
      basis={`Drafted from ${from.name} → ${to.name}. Both ends are widened to their labels; look at what they match.`}
      onClose={onClose}
    />
  );
}
