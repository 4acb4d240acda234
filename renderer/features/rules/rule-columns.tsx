import type { Rule } from '../../../shared/model/policy.ts';
import { describeAs, describeServedBy } from '../../../shared/text/identity-text.ts';
import { printPeer } from '../../../shared/text/peer-text.ts';
import { printSchedule } from '../../../shared/text/schedule-text.ts';
import { printServiceRefs } from '../../../shared/text/service-text.ts';
import type { Column } from '../../ui/DataTable.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { MonoCell } from '../../ui/MonoCell.tsx';
import { RowMenu } from '../../ui/Menu.tsx';

const todayUtc = (): string => new Date().toISOString().slice(0, 10);

const fromText = (rule: Rule): string => printPeer(rule.from) + describeAs(rule.as);
const toText = (rule: Rule): string => printPeer(rule.to) + describeServedBy(rule.servedBy);

/** Whether any text of the rule contains `text`, whatever the case. */
export const ruleContains = (rule: Rule, text: string): boolean =>
  [rule.id, rule.action, fromText(rule), toText(rule), printServiceRefs(rule.services), rule.owner, rule.ticket, rule.reason].some((field) =>
    field.toLowerCase().includes(text.toLowerCase()),
  );

function Dates({ rule }: { readonly rule: Rule }) {
  const today = todayUtc();
  if (rule.expiresOn !== null && rule.expiresOn < today) return <Mark meaning="unknown" text={`expired ${rule.expiresOn}`} />;
  if (rule.reviewOn !== null && rule.reviewOn <= today) return <Mark meaning="would-block" text={`review due ${rule.reviewOn}`} />;
  if (rule.schedule !== null) return <span title={printSchedule(rule.schedule)}>{printSchedule(rule.schedule)}</span>;
  if (rule.expiresOn !== null) return <span>until {rule.expiresOn}</span>;
  return <span className="muted">{rule.reviewOn === null ? '–' : `review ${rule.reviewOn}`}</span>;
}

export function ruleColumns(onEdit: (rule: Rule) => void, onRemove: (rule: Rule) => void): readonly Column<Rule>[] {
  return [
    {
      id: 'action',
      header: 'Action',
      minPx: 88,
      sortBy: (rule) => rule.action,
      cell: (rule) => (rule.action === 'allow' ? <Mark meaning="allowed" text="Allow" /> : <Mark meaning="blocked" text="Deny" />),
    },
    {
      id: 'from',
      header: 'From',
      minPx: 215,
      grow: 1.5,
      sortBy: fromText,
      cell: (rule) => (
        <button type="button" className="cell-button mono" title={`${fromText(rule)} (edit)`} onClick={() => onEdit(rule)}>
          {fromText(rule)}
        </button>
      ),
    },
    {
      id: 'to',
      header: 'To',
      minPx: 215,
      grow: 1.5,
      sortBy: toText,
      cell: (rule) => <MonoCell text={toText(rule)} />,
    },
    {
      id: 'services',
      header: 'Services',
      minPx: 124,
      grow: 1,
      sortBy: (rule) => printServiceRefs(rule.services),
      cell: (rule) => <MonoCell text={printServiceRefs(rule.services)} />,
    },
    {
      id: 'reason',
      header: 'Reason',
      minPx: 110,
      grow: 1.5,
      cell: (rule) => <span title={rule.reason}>{rule.reason === '' ? <span className="muted">none given</span> : rule.reason}</span>,
    },
    {
      id: 'owner',
      header: 'Owner',
      minPx: 92,
      sortBy: (rule) => rule.owner,
      cell: (rule) => <span title={rule.ticket}>{rule.owner === '' ? <span className="muted">–</span> : rule.owner}</span>,
    },
    { id: 'dates', header: 'Valid', minPx: 124, sortBy: (rule) => rule.expiresOn ?? '~', cell: (rule) => <Dates rule={rule} /> },
    {
      id: 'menu',
      header: <span className="visually-hidden">Actions</span>,
      minPx: 44,
      cell: (rule) => (
        <RowMenu
          label={`Actions for rule ${rule.id}`}
          actions={[
            { id: 'edit', text: 'Edit …', run: () => onEdit(rule) },
            { id: 'remove', text: 'Remove …', isDanger: true, run: () => onRemove(rule) },
          ]}
        />
      ),
    },
  ];
}
