import { ChevronDown, ChevronRight } from 'lucide-react';
import { ModeBadge } from '../../ui/ModeBadge.tsx';
import { COLUMN_COUNT } from './rule-grid-columns.ts';
import type { RuleGroup } from './rule-groups.ts';

type Props = { readonly group: RuleGroup; readonly isOpen: boolean; readonly onFlip: () => void; readonly minWidthPx: number; readonly rowIndex: number; readonly topPx: number };

/** The head of a group: what its rules protect, in which mode that is, and how many there are. */
export function GroupLine({ group, isOpen, onFlip, minWidthPx, rowIndex, topPx }: Props) {
  const Chevron = isOpen ? ChevronDown : ChevronRight;
  const off = group.rules.filter((rule) => rule.disabled === true).length;
  return (
    <div role="row" aria-rowindex={rowIndex} className="grid-row group-line" style={{ minWidth: minWidthPx, transform: `translateY(${topPx}px)` }}>
      <div role="gridcell" aria-colspan={COLUMN_COUNT} className="grid-cell">
        <button type="button" className="group-button" aria-expanded={isOpen} onClick={onFlip}>
          <Chevron size={14} aria-hidden />
          <span className="strong">{group.title}</span>
          {group.zone === null ? null : <ModeBadge mode={group.zone.mode} />}
          <span className="muted small">
            {group.rules.length} {group.rules.length === 1 ? 'rule' : 'rules'}
            {off === 0 ? '' : `, ${off} disabled`}
          </span>
        </button>
      </div>
    </div>
  );
}
