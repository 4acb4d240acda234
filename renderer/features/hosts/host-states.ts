import { CircleCheck, CircleDashed, CircleQuestionMark, Clock, GitCompareArrows, type LucideIcon, TriangleAlert, Unplug } from 'lucide-react';
import type { HostView } from '../../../shared/contract/views.ts';
import type { Meaning } from '../../ui/Mark.tsx';

type StateLook = { readonly meaning: Meaning; readonly icon: LucideIcon; readonly text: string; readonly explanation: string };

/** Glyph, words and meaning of each state, and a sentence for the host's page. */
export const HOST_STATES: Record<HostView['state'], StateLook> = {
  'in-sync': { meaning: 'allowed', icon: CircleCheck, text: 'In sync', explanation: 'The host runs what the draft says.' },
  behind: {
    meaning: 'no-rule',
    icon: GitCompareArrows,
    text: 'Draft differs',
    explanation: 'The host runs what was last sent to it; the draft says something else. Review and push.',
  },
  drifted: {
    meaning: 'would-block',
    icon: TriangleAlert,
    text: 'Drifted',
    explanation: 'The host runs something that Firebreak did not send. Somebody changed or flushed its rules.',
  },
  pending: {
    meaning: 'would-block',
    icon: Clock,
    text: 'Waits for confirm',
    explanation: 'A push is loaded and not yet confirmed; without a confirmation the host goes back by itself.',
  },
  unknown: {
    meaning: 'unknown',
    icon: CircleQuestionMark,
    text: 'Not read yet',
    explanation: 'Nothing was ever read from it: whether an agent is there is not known. Trust its key and install the agent, or collect if one is there.',
  },
  'no-agent': {
    meaning: 'unknown',
    icon: CircleDashed,
    text: 'No agent',
    explanation: 'Nothing is recorded or enforced there. Trust its key, then install the agent.',
  },
  unmanaged: { meaning: 'unknown', icon: Unplug, text: 'Unmanaged', explanation: 'Known by its addresses only; it is a peer in rules and on the map.' },
};
