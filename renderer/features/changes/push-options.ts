import { MAX_CONFIRM_SECONDS, MIN_CONFIRM_SECONDS, type WorkspaceSettings } from '../../../shared/contract/workspace-settings.ts';
import type { Plan } from '../../../shared/model/diff.ts';
import type { WaveOrder } from '../../../shared/model/waves.ts';
import { changedHosts } from '../../../shared/policy/changed-hosts.ts';
import { formatWaves, parseWaves } from '../../../shared/text/waves-text.ts';

/** What was typed or chosen for the next push; null: what the workspace says. */
export type TypedOptions = { readonly windowText: string | null; readonly wavesText: string | null; readonly leaveAway: boolean | null; readonly zoneOrder: readonly string[] | null; readonly reason: string };
export const NOTHING_TYPED: TypedOptions = { windowText: null, wavesText: null, leaveAway: null, zoneOrder: null, reason: '' };

/** The same with the workspace's own where nothing was typed. */
export type PushOptions = { readonly windowText: string; readonly wavesText: string; readonly leaveAway: boolean; /** null: zones take turns. */ readonly zoneOrder: readonly string[] | null; readonly reason: string };
export const withSettings = ({ windowText, wavesText, leaveAway, zoneOrder, reason }: TypedOptions, settings: WorkspaceSettings): PushOptions => ({
  windowText: windowText ?? String(settings.confirmWithinSeconds),
  wavesText: wavesText ?? formatWaves(settings.waves),
  leaveAway: leaveAway ?? settings.leaveAway,
  zoneOrder,
  reason,
});

/** Whole seconds within what the contract takes, or null. */
export function readSeconds(text: string): number | null {
  const seconds = Number(text);
  return Number.isInteger(seconds) && seconds >= MIN_CONFIRM_SECONDS && seconds <= MAX_CONFIRM_SECONDS ? seconds : null;
}

export const isShut = (plan: Plan): boolean => plan.windows.some(({ isOpen }) => !isOpen);

/** The zones of the hosts that change, in the order that was chosen, those that it does not name behind; null: no order, or fewer than two zones. */
export function orderZones(plan: Plan, chosen: readonly string[] | null): string[] | null {
  const zones = zonesOf(plan);
  if (chosen === null || zones.length < 2) return null;
  return [...chosen.filter((name) => zones.includes(name)), ...zones.filter((name) => !chosen.includes(name))];
}

/** By name, each once. */
export const zonesOf = (plan: Plan): string[] => [...new Set(changedHosts(plan).flatMap(({ zone }) => zone ?? []))].toSorted();

export type PushOrder = { readonly confirmWithinSeconds: number; readonly waves: WaveOrder; readonly leaveAway: boolean; readonly outsideWindow: string | null };

/** What a push begins with, or null while something cannot be read, or a window is shut and nobody said why. */
export function readOrder(plan: Plan, { windowText, wavesText, leaveAway, zoneOrder, reason }: PushOptions, { wavePauseSeconds }: WorkspaceSettings): PushOrder | null {
  const confirmWithinSeconds = readSeconds(windowText);
  const waves = parseWaves(wavesText);
  const said = reason.trim();
  if (confirmWithinSeconds === null || !waves.ok || (isShut(plan) && said === '')) return null;
  return { confirmWithinSeconds, waves: { sizes: waves.value, first: [], zones: orderZones(plan, zoneOrder) ?? [], pauseSeconds: wavePauseSeconds }, leaveAway, outsideWindow: isShut(plan) ? said : null };
}
