import { MAX_CONFIRM_SECONDS, MIN_CONFIRM_SECONDS, type WorkspaceSettings } from '../../../shared/contract/workspace-settings.ts';
import type { Plan } from '../../../shared/model/diff.ts';
import type { WaveOrder } from '../../../shared/model/waves.ts';
import { formatWaves, parseWaves } from '../../../shared/text/waves-text.ts';

/** What was typed or chosen for the next push; null: what the workspace says. */
export type TypedOptions = { readonly windowText: string | null; readonly wavesText: string | null; readonly leaveAway: boolean | null; readonly reason: string };
export const NOTHING_TYPED: TypedOptions = { windowText: null, wavesText: null, leaveAway: null, reason: '' };

/** The same with the workspace's own where nothing was typed. */
export type PushOptions = { readonly windowText: string; readonly wavesText: string; readonly leaveAway: boolean; readonly reason: string };
export const withSettings = ({ windowText, wavesText, leaveAway, reason }: TypedOptions, settings: WorkspaceSettings): PushOptions => ({
  windowText: windowText ?? String(settings.confirmWithinSeconds),
  wavesText: wavesText ?? formatWaves(settings.waves),
  leaveAway: leaveAway ?? settings.leaveAway,
  reason,
});

/** Whole seconds within what the contract takes, or null. */
export function readSeconds(text: string): number | null {
  const seconds = Number(text);
  return Number.isInteger(seconds) && seconds >= MIN_CONFIRM_SECONDS && seconds <= MAX_CONFIRM_SECONDS ? seconds : null;
}

export const isShut = (plan: Plan): boolean => plan.windows.some(({ isOpen }) => !isOpen);

export type PushOrder = { readonly confirmWithinSeconds: number; readonly waves: WaveOrder; readonly leaveAway: boolean; readonly outsideWindow: string | null };

/** What a push begins with, or null while something cannot be read, or a window is shut and nobody said why. */
export function readOrder(plan: Plan, { windowText, wavesText, leaveAway, reason }: PushOptions, { wavePauseSeconds }: WorkspaceSettings): PushOrder | null {
  const confirmWithinSeconds = readSeconds(windowText);
  const waves = parseWaves(wavesText);
  const said = reason.trim();
  if (confirmWithinSeconds === null || !waves.ok || (isShut(plan) && said === '')) return null;
  return { confirmWithinSeconds, waves: { sizes: waves.value, first: [], zones: [], pauseSeconds: wavePauseSeconds }, leaveAway, outsideWindow: isShut(plan) ? said : null };
}
