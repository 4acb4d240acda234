import type { AlertKind, AlertMute } from '../model/alert.ts';
import type { HostId } from '../model/ids.ts';

type Muted = { readonly kind: AlertKind; readonly host: HostId; readonly zone: string | null };

/** Until when nobody is to be told, by the mute that lasts longest; null where none holds. One that names nothing holds for nothing. Pure. */
export function mutedUntil(alert: Muted, mutes: readonly AlertMute[], nowMs: number): number | null {
  const held = mutes.filter((mute) => mute.untilMs > nowMs && isAbout(mute, alert));
  return held.length === 0 ? null : Math.max(...held.map(({ untilMs }) => untilMs));
}

function isAbout(mute: AlertMute, alert: Muted): boolean {
  if (mute.kind === null && mute.host === null && mute.zone === null) return false;
  return (mute.kind ?? alert.kind) === alert.kind && (mute.host ?? alert.host) === alert.host && (mute.zone === null || mute.zone === alert.zone);
}
