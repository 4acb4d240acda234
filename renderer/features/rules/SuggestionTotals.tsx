import type { SuggestionsView } from '../../../shared/contract/suggest-views.ts';
import { countText } from '../../../shared/text/amount-text.ts';

const number = (value: number): string => value.toLocaleString('en');

/** What all suggestions come to, and who was set aside. */
export function SuggestionTotals({ answer: { suggestions, totals, setAside, imported } }: { readonly answer: SuggestionsView }) {
  return (
    <>
      <dl className="facts" aria-label="Totals">
        <dt>Rules</dt>
        <dd>{number(suggestions.length)}</dd>
        <dt>Explained</dt>
        <dd>
          {countText(totals.explained, 'conversation')}, {countText(totals.connections, 'connection')}
        </dd>
        <dt>Over-permission</dt>
        <dd>{totals.neverSeen === 0 ? 'none: only what was seen' : `${number(totals.neverSeen)} never seen and newly permitted`}</dd>
        <dt>Unexplained</dt>
        <dd>{countText(totals.unexplainedConnections, 'connection')}</dd>
        {imported.length === 0 ? null : (
          <>
            <dt>Also from imports</dt>
            <dd className="inert">{imported.map(({ source, conversations }) => `${source}: ${countText(conversations, 'conversation')}`).join(', ')}</dd>
          </>
        )}
      </dl>
      {setAside.length === 0 ? null : (
        <section className="stack tight" aria-label="Set aside">
          <h3>Set aside, so no reason for a rule</h3>
          <ul className="stack tight small muted inert">
            {setAside.slice(0, 20).map(({ text, connections }) => (
              <li key={text}>
                {text} ({countText(connections, 'connection')})
              </li>
            ))}
          </ul>
          {setAside.length > 20 ? <p className="small muted">and {setAside.length - 20} more</p> : null}
        </section>
      )}
    </>
  );
}
