import type { NameView } from '../../../shared/contract/name-views.ts';
import { Mark, type Meaning } from '../../ui/Mark.tsx';
import { TimeAgo } from '../../ui/TimeAgo.tsx';

type Answer = NameView['answers'][number];

const LOOKS: Record<Answer['state'], { readonly meaning: Meaning; readonly text: string }> = {
  used: { meaning: 'allowed', text: 'in the list' },
  refused: { meaning: 'blocked', text: 'refused' },
  over: { meaning: 'would-block', text: 'beyond the limit' },
  others: { meaning: 'unknown', text: 'other hosts only' },
  old: { meaning: 'no-rule', text: 'too old' },
};
const SHOWN = 60;

/** One name: each address with whether it counts, and whose word it is. */
export function NameLedger({ view: { name, answers, questions } }: { readonly view: NameView }) {
  const problems = questions.flatMap((question) => (question.problem === null ? [] : [question]));
  return (
    <section className="stack tight" aria-label={name}>
      <h3 className="mono inert">{name}</h3>
      {answers.length === 0 ? <Mark meaning="would-block" text="Nobody resolved it yet: it matches nobody" /> : null}
      <ul className="stack">
        {answers.slice(0, SHOWN).map((answer) => (
          <li key={answer.address} className="stack tight">
            <div className="row">
              <span className="mono inert">{answer.address}</span>
              <Mark {...LOOKS[answer.state]} />
            </div>
            {answer.why === '' ? null : <span className="small inert">{answer.why}</span>}
            <Sightings sightings={answer.sightings} />
          </li>
        ))}
      </ul>
      {answers.length > SHOWN ? <p className="small muted">and {answers.length - SHOWN} more; firebreak iplist show has them</p> : null}
      {problems.slice(0, SHOWN).map(({ askedBy, askedAtMs, problem }) => (
        <p key={askedBy ?? ''} className="small muted inert">
          {askedBy ?? 'This console'}, <TimeAgo atMs={askedAtMs} />: {problem}
        </p>
      ))}
      {problems.length > SHOWN ? <p className="small muted">and {problems.length - SHOWN} more had no answer, or not all of it; firebreak iplist show has them</p> : null}
    </section>
  );
}

function Sightings({ sightings }: { readonly sightings: Answer['sightings'] }) {
  return (
    <ul className="small muted">
      {sightings.map(({ seenBy, firstSeenAtMs, lastSeenAtMs, times }) => (
        <li key={seenBy ?? ''} className="inert">
          seen by {seenBy ?? 'this console'} <TimeAgo atMs={lastSeenAtMs} />
          {times === 1 ? ', once' : `, ${times} times since ${new Date(firstSeenAtMs).toISOString().slice(0, 10)}`}
        </li>
      ))}
    </ul>
  );
}
