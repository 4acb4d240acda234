import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { MapLens } from '../../../shared/contract/map-query.ts';
import { serviceText } from '../../editors/draft-from-flow.ts';
import { RuleDialog } from '../../editors/RuleDialog.tsx';
import { Button } from '../../ui/Button.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { TimeAgo } from '../../ui/TimeAgo.tsx';
import { EDGE_WORDS } from '../../ui/verdict-words.ts';
import { type MapEnd, mapEndOf } from './map-end.ts';
import { type DrawnEdge, type MapModel, type SeenEdge, shownVerdict } from './map-model.ts';
import { formOf } from './propose-rules.ts';

type Props = { readonly edge: DrawnEdge; readonly model: MapModel };

/** A panel of thousands of services would help nobody; the table and the CSV have all. */
const MAX_PARTS = 40;

/** Every service of a connection with its evidence, and the way from it to a rule. */
export function EdgeDetails({ edge, model }: Props) {
  const [drafted, setDrafted] = useState<readonly SeenEdge[] | null>(null);
  const [source, target] = [mapEndOf(model, edge.source), mapEndOf(model, edge.target)];
  const open = edge.parts.filter((part) => shownVerdict(part, model.lens) !== 'allowed');
  const canDraft = source.rulePeer !== '' || target.rulePeer !== '';
  const search = { ...(source.flowsPeer === null ? {} : { from: source.flowsPeer }), ...(target.flowsPeer === null ? {} : { to: target.flowsPeer }) };
  const nameOf = (id: string) => mapEndOf(model, id).label;
  return (
    <>
      {open.length > 1 && canDraft ? <Button onPress={() => setDrafted(open)}>Draft one rule for these {new Set(open.map(serviceText)).size} services</Button> : null}
      <ul className="parts">
        {edge.parts.slice(0, MAX_PARTS).map((part) => (
          <EdgePart key={part.id} part={part} lens={model.lens} pair={edge.bundle === null ? null : `${nameOf(part.source)} → ${nameOf(part.target)}`} onDraft={() => setDrafted([part])} />
        ))}
      </ul>
      {edge.parts.length > MAX_PARTS ? <p className="muted small">and {edge.parts.length - MAX_PARTS} more services; the CSV has all of them</p> : null}
      <Link to="/flows" search={search}>
        Show its flows
      </Link>
      {drafted === null ? null : <EdgeRuleDialog parts={drafted} source={source} target={target} onClose={() => setDrafted(null)} />}
    </>
  );
}

type PartProps = { readonly part: SeenEdge; readonly lens: MapLens; readonly pair: string | null; readonly onDraft: () => void };

function EdgePart({ part, lens, pair, onDraft }: PartProps) {
  const verdict = shownVerdict(part, lens);
  return (
    <li className="part">
      <div className="row spread">
        <span className="mono strong">{serviceText(part)}</span>
        <Mark meaning={verdict} text={EDGE_WORDS[verdict]} />
      </div>
      {part.verdict === part.draft ? null : <OtherView part={part} lens={lens} />}
      {pair === null ? null : <span className="small inert">{pair}</span>}
      <dl className="facts small inert">
        <Names title="User" names={part.users} />
        <Names title="Unit" names={part.units} />
        {part.processes.length === 0 ? null : <Names title="Process" names={part.processes} />}
        {part.sources.length === 0 ? null : <Names title="Imported" names={part.sources} />}
        <dt>Seen</dt>
        <dd>
          {part.connections.toLocaleString('en')} {part.connections === 1 ? 'connection' : 'connections'}
          {part.pairs > 1 ? ` of ${part.pairs.toLocaleString('en')} pairs` : ''}, last <TimeAgo atMs={part.lastSeenAtMs} />
        </dd>
      </dl>
      {verdict === 'allowed' ? null : (
        <Button small onPress={onDraft}>
          Draft a rule for this
        </Button>
      )}
    </li>
  );
}

/** What the view that is not shown says of it. */
function OtherView({ part, lens }: { readonly part: SeenEdge; readonly lens: MapLens }) {
  const other = lens === 'live' ? part.draft : part.verdict;
  return (
    <div className="row small">
      <span className="muted">{lens === 'live' ? 'In the draft:' : 'Live:'}</span>
      <Mark meaning={other} text={EDGE_WORDS[other]} />
    </div>
  );
}

function Names({ title, names }: { readonly title: string; readonly names: readonly string[] }) {
  return (
    <>
      <dt>{title}</dt>
      <dd>{names.length === 0 ? 'unknown' : names.join(', ')}</dd>
    </>
  );
}

type RuleProps = { readonly parts: readonly SeenEdge[]; readonly source: MapEnd; readonly target: MapEnd; readonly onClose: () => void };

function EdgeRuleDialog({ parts, source, target, onClose }: RuleProps) {
  return (
    <RuleDialog
      changed={null}
      initial={formOf(source.rulePeer, target.rulePeer, [...new Set(parts.map(serviceText))], `Seen: ${source.label} → ${target.label}`)}
      basis={`Drafted from ${source.label} → ${target.label}. Both ends are widened to their labels; look at what they match.`}
      onClose={onClose}
    />
  );
}
