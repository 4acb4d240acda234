import { Ban, CircleCheck, CircleDashed, CircleQuestionMark, type LucideIcon, TriangleAlert } from 'lucide-react';

/** The five meanings that colours have in this window; each has a glyph as well, so that none is told by colour alone. */
export type Meaning = 'allowed' | 'no-rule' | 'would-block' | 'blocked' | 'unknown';

const glyphs: Record<Meaning, LucideIcon> = {
  allowed: CircleCheck,
  'no-rule': CircleDashed,
  'would-block': TriangleAlert,
  blocked: Ban,
  unknown: CircleQuestionMark,
};

/** `by` says what decided, in words. */
export function Mark({ meaning, text, icon }: { readonly meaning: Meaning; readonly text: string; readonly icon?: LucideIcon }) {
  const Icon = icon ?? glyphs[meaning];
  return (
    <span className={`mark ${meaning}`}>
      <Icon size={14} aria-hidden />
      <span className="truncate">{text}</span>
    </span>
  );
}
