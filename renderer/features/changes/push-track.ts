import { CircleMinus, Clock, type LucideIcon } from 'lucide-react';
import type { PushStep } from '../../../shared/model/diff.ts';
import type { Meaning } from '../../ui/Mark.tsx';

export const STATIONS = ['Check', 'Load', 'Prove', 'Confirm'] as const;

/** How many stations a host has passed, and whether it is at work on the next one. Null: it left the track (see `END_LOOKS`). */
export function trackOf(step: PushStep): { readonly passed: number; readonly isWorking: boolean } | null {
  switch (step) {
    case 'planned':
      return { passed: 0, isWorking: false };
    case 'checking':
      return { passed: 0, isWorking: true };
    case 'checked':
      return { passed: 1, isWorking: false };
    case 'applying':
      return { passed: 1, isWorking: true };
    case 'applied':
      return { passed: 2, isWorking: false };
    case 'proving':
      return { passed: 2, isWorking: true };
    case 'proved':
      return { passed: 3, isWorking: false };
    case 'confirming':
      return { passed: 3, isWorking: true };
    case 'confirmed':
      return { passed: 4, isWorking: false };
    case 'rolled-back':
    case 'failed':
    case 'skipped':
    case 'away':
    case 'unknown':
      return null;
  }
}

export const STEP_LOOKS: Record<PushStep, { meaning: Meaning; text: string; icon?: LucideIcon }> = {
  planned: { meaning: 'unknown', text: 'Planned' },
  checking: { meaning: 'no-rule', text: 'Checking' },
  checked: { meaning: 'no-rule', text: 'Checked' },
  applying: { meaning: 'no-rule', text: 'Loading, rollback armed' },
  applied: { meaning: 'would-block', text: 'Loaded, not yet confirmed' },
  proving: { meaning: 'would-block', text: 'Proving over a new connection' },
  proved: { meaning: 'would-block', text: 'Proved, not yet confirmed' },
  confirming: { meaning: 'would-block', text: 'Confirming' },
  confirmed: { meaning: 'allowed', text: 'Confirmed' },
  'rolled-back': { meaning: 'would-block', text: 'Rolled back: runs what it had' },
  failed: { meaning: 'blocked', text: 'Failed' },
  skipped: { meaning: 'unknown', text: 'Skipped', icon: CircleMinus },
  away: { meaning: 'unknown', text: 'Away: pending, gets it when it returns', icon: Clock },
  unknown: { meaning: 'unknown', text: 'Not known what it did' },
};
