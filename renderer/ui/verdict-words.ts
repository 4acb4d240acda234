import type { MapEdge } from '../../shared/contract/views.ts';
import type { DraftVerdict, FlowVerdict } from '../../shared/model/flow.ts';
import type { z } from 'zod';
import type { Meaning } from './Mark.tsx';

type EdgeVerdict = z.infer<typeof MapEdge>['verdict'];

export const EDGE_WORDS: Record<EdgeVerdict, string> = {
  allowed: 'Allowed by a rule',
  'no-rule': 'No rule yet',
  'would-block': 'Would be blocked',
  blocked: 'Blocked',
  unknown: 'Unknown',
};

/** From the most to the least pressing: the order of filters and legends, and which verdict a merged edge shows. */
export const EDGE_ORDER: readonly EdgeVerdict[] = ['blocked', 'would-block', 'no-rule', 'unknown', 'allowed'];

export const KERNEL_WORDS: Record<FlowVerdict, { meaning: Meaning; text: string }> = {
  accepted: { meaning: 'allowed', text: 'Accepted' },
  'would-block': { meaning: 'would-block', text: 'Would block' },
  blocked: { meaning: 'blocked', text: 'Blocked' },
};

/** What refuses: a rule, a containment, or (null) the default. */
export const decidedBy = (by: string | null): string => (by === null ? 'by the zone’s default' : by.startsWith('c_') ? `by containment ${by}` : `by rule ${by}`);

/** What the draft would do, in a few words; `detail` is the reason or the rule's id. */
export function draftWords(draft: DraftVerdict): { meaning: Meaning; text: string; detail: string } {
  switch (draft.kind) {
    case 'allowed':
      return { meaning: 'allowed', text: 'Allowed', detail: draft.by === 'essential' ? 'by the essential block' : `by rule ${draft.by}` };
    case 'blocked':
      return { meaning: 'blocked', text: 'Blocked', detail: decidedBy(draft.by) };
    case 'observed':
      return { meaning: 'no-rule', text: 'Observed', detail: draft.why };
    case 'unknown':
      return { meaning: 'unknown', text: 'Unknown', detail: draft.why };
  }
}
