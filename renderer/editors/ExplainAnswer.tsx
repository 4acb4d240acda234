import type { Explanation } from '../../shared/contract/explain-views.ts';
import { Mark, type Meaning } from '../ui/Mark.tsx';

const looks: Record<Explanation['verdict'], { meaning: Meaning; text: string }> = {
  allowed: { meaning: 'allowed', text: 'Allowed' },
  'would-block': { meaning: 'would-block', text: 'Would be blocked' },
  blocked: { meaning: 'blocked', text: 'Blocked' },
};

/** The verdict of a connection with every step to it, and what was really seen. */
export function ExplainAnswer({ answer: { verdict, pair, pairs, steps, seenTexts } }: { readonly answer: Explanation }) {
  return (
    <section className="stack" aria-label="Explanation" aria-live="polite">
      <div className="row">
        <Mark {...looks[verdict]} />
        <span className="strong inert">
          {pair.from} → {pair.to}
        </span>
        {pairs === null ? null : <span className="muted">the worst of {pairs.total} pairs</span>}
      </div>
      {pairs === null ? null : (
        <ul className="stack tight" aria-label="Pairs by verdict">
          {pairs.verdicts.map((one) => (
            <li key={one.verdict} className="row">
              <Mark {...looks[one.verdict]} />
              <span className="inert">
                {one.pairs} of {pairs.total}, such as {one.from} → {one.to}
              </span>
            </li>
          ))}
        </ul>
      )}
      <dl className="facts">
        {steps.map((step) => (
          <Step key={`${step.where} ${step.text}`} step={step} />
        ))}
        {seenTexts.map((text) => (
          <Fact key={text} term="Seen" text={text} />
        ))}
      </dl>
    </section>
  );
}

function Step({ step: { where, text, counterText } }: { readonly step: Explanation['steps'][number] }) {
  return (
    <>
      <dt className="inert">{where}</dt>
      <dd className="stack tight">
        <span className="inert">{text}</span>
        {counterText === null ? null : <span className="small muted inert">Counter: {counterText}</span>}
      </dd>
    </>
  );
}

const Fact = ({ term, text }: { readonly term: string; readonly text: string }) => (
  <>
    <dt>{term}</dt>
    <dd className="inert">{text}</dd>
  </>
);
