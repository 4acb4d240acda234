import { BellOff, CircleCheck, FileWarning, Gauge, type LucideIcon, PlugZap, Radio, ShieldAlert, ShieldOff, ShieldX, Unplug, UserCheck } from 'lucide-react';
import { ALERT_WORDS } from '../../../shared/alerts/alert-text.ts';
import type { AlertKind, AlertState } from '../../../shared/model/alert.ts';
import { Mark, type Meaning } from '../../ui/Mark.tsx';

const kinds: Record<AlertKind, { readonly meaning: Meaning; readonly icon: LucideIcon }> = {
  tampered: { meaning: 'blocked', icon: ShieldAlert },
  drifted: { meaning: 'blocked', icon: FileWarning },
  'agent-silent': { meaning: 'blocked', icon: Unplug },
  'flow-blocked': { meaning: 'would-block', icon: ShieldX },
  'connection-rate': { meaning: 'would-block', icon: Radio },
  'service-new': { meaning: 'would-block', icon: PlugZap },
  posture: { meaning: 'would-block', icon: ShieldOff },
  footprint: { meaning: 'would-block', icon: Gauge },
};

const states: Record<Exclude<AlertState, 'open'>, { readonly text: string; readonly icon: LucideIcon; readonly meaning: Meaning }> = {
  acknowledged: { text: 'Acknowledged', icon: UserCheck, meaning: 'no-rule' },
  muted: { text: 'Muted', icon: BellOff, meaning: 'unknown' },
  settled: { text: 'Settled', icon: CircleCheck, meaning: 'allowed' },
};

export const KindMark = ({ kind }: { readonly kind: AlertKind }) => <Mark {...kinds[kind]} text={ALERT_WORDS[kind].one} />;

export const StateMark = ({ state }: { readonly state: AlertState }) => (state === 'open' ? <span className="strong">Open</span> : <Mark {...states[state]} />);
