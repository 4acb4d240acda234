import type { MatrixCellDetail } from '../../../shared/contract/reach-views.ts';
import { Mark } from '../../ui/Mark.tsx';

const SHOWN = 40;

const heads: Record<MatrixCellDetail['live']['kind'], string> = {
  everything: 'Everything passes.',
  services: 'Only these services pass.',
  nothing: 'Nothing passes.',
  nobody: 'There are no two hosts that could speak.',
};

/** What passes between two zones, between how many pairs of hosts, by which rules or why else. */
export function PermitList({ title, permit }: { readonly title: string; readonly permit: MatrixCellDetail['live'] }) {
  return (
    <section className="stack tight" aria-label={title}>
      <h3>{title}</h3>
      <p className="muted">{heads[permit.kind]}</p>
      <ul className="reach-list">
        {permit.services.slice(0, SHOWN).map(({ text, asked, pairs, wouldBlock, rules, reasons, basis }) => (
          <li key={text}>
            <div className="row spread">
              <span className={basis === 'other' ? '' : 'mono'}>{text}</span>
              {wouldBlock > 0 ? <Mark meaning="would-block" text={wouldBlock === pairs ? 'Only because an end tests' : 'Partly by testing'} /> : <Mark meaning={rules.length > 0 ? 'allowed' : 'no-rule'} text={rules.length > 0 ? 'By rule' : 'Open'} />}
            </div>
            <span className="muted small">
              {pairs.toLocaleString('en')} of {asked.toLocaleString('en')} {asked === 1 ? 'pair' : 'pairs'} of hosts
              {basis === 'named' ? '; nothing is known to listen there' : ''}
            </span>
            {rules.length === 0 ? null : <span className="mono fine">{rules.join(', ')}</span>}
            {reasons.length === 0 ? null : <span className="muted small">{reasons.join('; ')}</span>}
          </li>
        ))}
      </ul>
      {permit.services.length > SHOWN ? <p className="muted">and {permit.services.length - SHOWN} more</p> : null}
    </section>
  );
}
