import { Mark } from '../../ui/Mark.tsx';
import type { Rule } from '../../../shared/model/policy.ts';
import type { RuleCell } from './rule-cells.ts';

const EMPTY: Readonly<Partial<Record<RuleCell['field'], string>>> = { reason: 'none given', owner: '–', schedule: 'always', reviewOn: '–', expiresOn: 'never' };

type Props = { readonly cell: RuleCell; readonly rule: Rule; readonly today: string; readonly isNarrow: boolean };

/** A cell that is looked at: cut where the column ends, whole in its tooltip; a date that has come is marked. */
export function CellText({ cell, rule, today, isNarrow }: Props) {
  const text = cell.textOf(rule);
  if (cell.field === 'action') return rule.action === 'allow' ? <Mark meaning="allowed" text="Allow" /> : <Mark meaning="blocked" text="Deny" />;
  if (isNarrow)
    return (
      <span className="muted" title={EMPTY[cell.field]}>
        <span aria-hidden>–</span>
        <span className="visually-hidden">{EMPTY[cell.field]}</span>
      </span>
    );
  if (text === '') return <span className="muted">{EMPTY[cell.field] ?? ''}</span>;
  if (cell.field === 'reviewOn' && text <= today)
    return (
      <span className="mark would-block" title={`Its review was due on ${text}`}>
        {text}
      </span>
    );
  if (cell.field === 'expiresOn' && text < today)
    return (
      <span className="mark unknown" title={`Expired: no host holds it after ${text}`}>
        {text}
      </span>
    );
  return (
    <span className={cell.isMono ? 'mono' : cell.field === 'expiresOn' || cell.field === 'reviewOn' ? 'small' : ''} title={text}>
      {text}
    </span>
  );
}
