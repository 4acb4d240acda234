import type { Suggestion } from '../../../shared/contract/suggest-views.ts';
import { printPeer } from '../../../shared/text/peer-text.ts';
import { printServiceRefs } from '../../../shared/text/service-text.ts';
import { Check } from '../../ui/Check.tsx';

type Props = { readonly suggestion: Suggestion; readonly isChosen: boolean; readonly onChoose: (isChosen: boolean) => void };

export function SuggestionCard({ suggestion, isChosen, onChoose }: Props) {
  const { rule, recognised, narrowed, evidence } = suggestion;
  return (
    <div className="suggestion">
      <Check isSelected={isChosen} onChange={onChoose}>
        <span className="mono">
          {printPeer(rule.from)} → {printPeer(rule.to)} <span className="strong">{printServiceRefs(rule.services)}</span>
        </span>
      </Check>
      {recognised === null ? null : (
        <p className="small inert">
          <span className="badge">{recognised.kind}</span> {recognised.why}
        </p>
      )}
      <p className="small muted inert">{evidence}</p>
      <Reach suggestion={suggestion} />
      {narrowed === null ? null : <p className="small muted inert">narrowed to what was seen: {narrowed}</p>}
    </div>
  );
}

/** What it explains, and what it would permit beyond that. */
function Reach({ suggestion: { explains, seen, connections, neverSeen, neverSeenExamples, permittedBefore } }: { readonly suggestion: Suggestion }) {
  const before = permittedBefore === 0 ? '' : `; ${permittedBefore.toLocaleString('en')} more are permitted already`;
  return (
    <>
      <p className="small">
        explains {explains} {explains === 1 ? 'flow' : 'flows'}, {connections.toLocaleString('en')} connections
        {neverSeen === 0 ? '; permits nothing that was not seen' : `; also permits ${neverSeen.toLocaleString('en')} never seen`}
        {before}
      </p>
      <details className="small">
        <summary>Flows</summary>
        <ul className="stack tight muted inert">
          {seen.map((text) => (
            <li key={text}>{text}</li>
          ))}
          {explains > seen.length ? <li>and {explains - seen.length} more</li> : null}
          {neverSeenExamples.map((text) => (
            <li key={text}>never seen: {text}</li>
          ))}
        </ul>
      </details>
    </>
  );
}
