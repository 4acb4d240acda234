import type { HostView } from '../../../shared/contract/views.ts';
import { Mark } from '../../ui/Mark.tsx';
import { HOST_STATES } from './host-states.ts';

/** `isSilent`: the host did not answer the last time, so that what it was is no more than that. */
export function HostStateMark({ state, isSilent }: { readonly state: HostView['state']; readonly isSilent: boolean }) {
  const { meaning, icon, text } = HOST_STATES[state];
  if (isSilent && state === 'in-sync') return <Mark meaning="unknown" icon={icon} text="Was in sync" />;
  return <Mark meaning={meaning} icon={icon} text={text} />;
}
