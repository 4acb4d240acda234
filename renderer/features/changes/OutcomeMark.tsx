import { LoaderCircle } from 'lucide-react';
import type { Push } from '../../../shared/model/diff.ts';
import { Mark, type Meaning } from '../../ui/Mark.tsx';

const looks: Record<Push['outcome'], { meaning: Meaning; text: string }> = {
  running: { meaning: 'no-rule', text: 'Running' },
  confirmed: { meaning: 'allowed', text: 'Confirmed' },
  partly: { meaning: 'would-block', text: 'Partly confirmed' },
  failed: { meaning: 'blocked', text: 'Failed' },
  interrupted: { meaning: 'would-block', text: 'Interrupted' },
};

export function OutcomeMark({ outcome }: { readonly outcome: Push['outcome'] }) {
  return <Mark {...looks[outcome]} {...(outcome === 'running' ? { icon: LoaderCircle } : {})} />;
}
