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

type Props = { readonly edge: DrawnEdge; readonly source: DrawnNode; readonly target: DrawnNode };

/** Every service of a connection with its evidence, and the way from it to a rule. */
export function EdgeDetails({ edge, source, target }: Props) {
  const [drafted, setDrafted] = useState<readonly SeenEdge[] | null>(null);
  const open = edge.parts.filter((part) => part.verdict !== 'allowed');
  const search = { ...(source.kind === 'host' ? { from: `host:${source.label}` } : {}), ...(target.kind === 'host' ? { to: `host:${target.label}` } : {}) };
  return (
    <>
      {open.length > 1 ? <Button onPress={() => setDrafted(open)}>Draft one rule for these {new Set(open.map(serviceText)).size} services</Button> : null}
      <ul className="parts">
        {edge.parts.map((part) => (
          <EdgePart key={part.id} part={part} onDraft={() => setDrafted([part])} />
        ))}
      </ul>
      <Link to="/flows" search={search}>
        Show its flows
      </Link>
      {drafted === null ? null : <EdgeRuleDialog parts={drafted} source={source} target={target} onClose={() => setDrafted(null)} />}
    </>
  );
}

function EdgePart({ part, onDraft }: { readonly part: SeenEdge; readonly onDraft: () => void }) {
  return (
    <li className="part">
      <div className="row spread">
        <span className="mono strong">{serviceText(part)}</span>
        <Mark meaning={part.verdict} text={EDGE_WORDS[part.verdict]} />
      </div>
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

type RuleProps = { readonly parts: readonly SeenEdge[]; readonly source: DrawnNode; readonly target: DrawnNode; readonly onClose: () => void };

function EdgeRuleDialog({ parts, source, target, onClose }: RuleProps) {
  const hosts = useQuery(api.hosts.list.queryOptions({ input: {} }));
  const policy = useQuery(api.policy.get.queryOptions({ input: {} }));
  if (hosts.data === undefined || policy.data === undefined) return null;
  const endOf = (node: DrawnNode) => ({ name: node.label, host: hosts.data.find((host) => host.id === node.members[0]?.host) ?? null });
  const [from, to] = [endOf(source), endOf(target)];
  return <RuleDialog ruleId={null} initial={draftFromFlow(from, to, parts, policy.data.policy.ipLists)} basis={`Drafted from ${from.name} → ${to.name}. Both ends are widened to their labels; look at what they match.`} onClose={onClose} />;
}
