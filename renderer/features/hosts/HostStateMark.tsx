import type { HostView } from '../../../shared/contract/views.ts';
import { Mark } from '../../ui/Mark.tsx';
import { HOST_STATES } from './host-states.ts';

export function HostStateMark({ state }: { readonly state: HostView['state'] }) {
  const { meaning, icon, text } = HOST_STATES[state];
  return <Mark meaning={meaning} icon={icon} text={text} />;
}
