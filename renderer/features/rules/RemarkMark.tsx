import { Ban, CircleQuestionMark, type LucideIcon, TriangleAlert } from 'lucide-react';
import { Button, TooltipTrigger } from 'react-aria-components';
import type { LintSeverity } from '../../../shared/model/finding.ts';
import { countText } from '../../../shared/text/amount-text.ts';
import { Hint } from '../../ui/Hint.tsx';
import type { RuleRemark } from './rule-marks.ts';

const LOOKS: Readonly<Record<LintSeverity, { readonly icon: LucideIcon; readonly meaning: string }>> = {
  error: { icon: Ban, meaning: 'blocked' },
  warning: { icon: TriangleAlert, meaning: 'would-block' },
  info: { icon: CircleQuestionMark, meaning: 'unknown' },
};
const SHOWN = 4;

/** What the linter and the policy tests say of a rule: the worst as a glyph, all of it on focus or under the pointer. A press opens the list of findings. */
export function RemarkMark({ remarks, onOpen }: { readonly remarks: readonly RuleRemark[]; readonly onOpen: () => void }) {
  const [worst] = remarks;
  if (worst === undefined) return null;
  const { icon: Icon, meaning } = LOOKS[worst.severity];
  const count = countText(remarks.length, 'remark');
  return (
    <TooltipTrigger delay={200}>
      <Button className={`remark mark ${meaning}`} aria-label={`${count}, the worst: ${worst.text}`} onPress={onOpen}>
        <Icon size={14} aria-hidden />
        {remarks.length > 1 ? <span className="fine">{remarks.length}</span> : null}
      </Button>
      <Hint>
        <ul className="remarks inert">
          {remarks.slice(0, SHOWN).map((remark) => (
            <li key={remark.text}>{remark.text}</li>
          ))}
          {remarks.length > SHOWN ? <li>and {remarks.length - SHOWN} more: press to see all</li> : null}
        </ul>
      </Hint>
    </TooltipTrigger>
  );
}
