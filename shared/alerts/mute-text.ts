import type { AlertKind } from '../model/alert.ts';
import { ALERT_WORDS } from './alert-text.ts';

type Muted = { readonly kind: AlertKind | null; readonly hostName: string | null; readonly zone: string | null };

/** `new listening services at web-1 in zone shop`. Pure. */
export const muteText = ({ kind, hostName, zone }: Muted): string =>
  `${kind === null ? 'all alerts' : ALERT_WORDS[kind].many}${hostName === null ? '' : ` at ${hostName}`}${zone === null ? '' : ` in zone ${zone}`}`;
