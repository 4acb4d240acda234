import { CalendarCheck, CalendarX, Clock, type LucideIcon } from 'lucide-react';
import type { Rule } from '../../../shared/model/policy.ts';
import { describeAs, describeServedBy } from '../../../shared/text/identity-text.ts';
import { printPeer } from '../../../shared/text/peer-text.ts';
import { printSchedule } from '../../../shared/text/schedule-text.ts';
import { printServiceRefs } from '../../../shared/text/service-text.ts';
import { formOfRule, type RuleForm } from '../../editors/rule-form.ts';
import { type Completion, completeDate, completeFrom, completePeer, completeServices, type Words } from './completions.ts';

/** The fields of a rule that are edited in their cells. What a rule says of identities is edited in its dialog. */
export type CellField = Extract<keyof RuleForm, 'action' | 'from' | 'to' | 'services' | 'reason' | 'owner' | 'schedule' | 'reviewOn' | 'expiresOn'>;

export type RuleCell = {
  readonly field: CellField;
  readonly header: string;
  /** Stands for the header where the column is narrow, which it is only when no rule says anything in it; null: never narrow. */
  readonly icon: LucideIcon | null;
  readonly minPx: number;
  readonly grow: number;
  readonly isMono: boolean;
  /** What the cell says; '' where the rule says nothing. */
  readonly textOf: (rule: Rule) => string;
  readonly complete: (typed: string, words: Words) => readonly Completion[];
  /** What may be written, below the field. */
  readonly hint: string;
};

const PEER_HINT = 'role=web,app=shop · zone:NAME · host:NAME · iplist:NAME · 10.0.0.0/8 · any';

/** In the order of the columns, which is the order of Tab. */
export const RULE_CELLS: readonly [RuleCell, ...RuleCell[]] = [
  {
    field: 'action',
    header: 'Action',
    icon: null,
    minPx: 64,
    grow: 0,
    isMono: false,
    textOf: (rule) => rule.action,
    complete: (typed) => completeFrom(typed === 'allow' || typed === 'deny' ? '' : typed, ['allow', 'deny'], 'action').filter(({ text }) => text !== typed),
    hint: 'allow or deny; deny wins over allow',
  },
  { field: 'from', header: 'From', icon: null, minPx: 166, grow: 1.5, isMono: true, textOf: (rule) => printPeer(rule.from) + describeAs(rule.as), complete: completePeer, hint: PEER_HINT },
  { field: 'to', header: 'To', icon: null, minPx: 166, grow: 1.5, isMono: true, textOf: (rule) => printPeer(rule.to) + describeServedBy(rule.servedBy), complete: completePeer, hint: PEER_HINT },
  {
    field: 'services',
    header: 'Services',
    icon: null,
    minPx: 90,
    grow: 1,
    isMono: true,
    textOf: (rule) => printServiceRefs(rule.services),
    complete: completeServices,
    hint: 'tcp/5432 · udp/5000-5010 · icmp/8 · the name of a service · any; several with commas',
  },
  { field: 'reason', header: 'Reason', icon: null, minPx: 82, grow: 1.5, isMono: false, textOf: (rule) => rule.reason, complete: () => [], hint: 'why it is there' },
  { field: 'owner', header: 'Owner', icon: null, minPx: 82, grow: 0.4, isMono: false, textOf: (rule) => rule.owner, complete: (typed, words) => completeFrom(typed, words.owners, 'owner of other rules'), hint: 'who answers for it' },
  {
    field: 'schedule',
    header: 'Holds',
    icon: Clock,
    minPx: 58,
    grow: 0.3,
    isMono: false,
    textOf: (rule) => (rule.schedule === null ? '' : printSchedule(rule.schedule)),
    complete: (typed, words) => completeFrom(typed, [...words.schedules, 'Mon-Fri 08:00-18:00 UTC'], 'schedule'),
    hint: 'Mon-Fri 08:00-18:00 Europe/Berlin; empty: at all times',
  },
  { field: 'reviewOn', header: 'Review on', icon: CalendarCheck, minPx: 84, grow: 0, isMono: false, textOf: (rule) => rule.reviewOn ?? '', complete: (_typed, words) => completeDate(words, [30, 90, 180, 365]), hint: 'YYYY-MM-DD; empty: no date' },
  { field: 'expiresOn', header: 'Expires', icon: CalendarX, minPx: 84, grow: 0, isMono: false, textOf: (rule) => rule.expiresOn ?? '', complete: (_typed, words) => completeDate(words, [1, 7, 30, 90]), hint: 'holds until the end of YYYY-MM-DD, UTC; empty: for good' },
];

/** What stands in the editor of the cell when it opens. */
export const typedTextOf = (rule: Rule, field: CellField): string => formOfRule(rule)[field];
