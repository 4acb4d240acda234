import { Eye, FlaskConical, Shield } from 'lucide-react';
import type { ZoneMode } from '../../shared/model/policy.ts';

export const MODE_ICONS = { observe: Eye, test: FlaskConical, enforce: Shield } as const;
export const MODE_WORDS: Record<ZoneMode, string> = { observe: 'Observe', test: 'Test', enforce: 'Enforce' };

export function ModeBadge({ mode }: { readonly mode: ZoneMode }) {
  const Icon = MODE_ICONS[mode];
  return (
    <span className={`badge ${mode}`}>
      <Icon size={12} aria-hidden />
      {MODE_WORDS[mode]}
    </span>
  );
}
