import { Ban, CircleCheck, CircleDashed, CircleDot, CircleQuestionMark, Minus, TriangleAlert, type LucideIcon } from 'lucide-react';
import type { Meaning } from '../../ui/Mark.tsx';
import type { CellLook } from './cell-look.ts';

const seen: Record<Meaning, LucideIcon> = { allowed: CircleCheck, 'no-rule': CircleDashed, 'would-block': TriangleAlert, blocked: Ban, unknown: CircleQuestionMark };

function iconOf({ form, meaning }: CellLook): LucideIcon | null {
  if (meaning === 'none') return null;
  if (form === 'seen') return seen[meaning];
  if (form === 'none') return Minus;
  if (meaning === 'would-block') return TriangleAlert;
  return form === 'all' ? CircleDot : CircleCheck;
}

/** Colour never stands alone: each meaning has a glyph, and how much passes has a word or a number. */
export function CellGlyph({ look }: { readonly look: CellLook }) {
  const Icon = iconOf(look);
  return (
    <>
      {Icon === null ? null : <Icon size={12} aria-hidden />}
      {look.text === '' ? null : <span className="number">{look.text}</span>}
    </>
  );
}
