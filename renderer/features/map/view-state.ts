import { EDGE_ORDER } from '../../ui/verdict-words.ts';
import type { EdgeVerdict } from './map-model.ts';

export const PERIOD_MS = { '24h': 86_400_000, '7d': 604_800_000, '30d': 2_592_000_000, all: null } as const;
export type Period = keyof typeof PERIOD_MS;

/** How the map is looked at: filters, period, and whether as a picture or as a table. */
export type ViewState = {
  readonly verdicts: ReadonlySet<EdgeVerdict>;
  readonly text: string;
  readonly isGrouped: boolean;
  readonly period: Period;
  readonly shape: 'picture' | 'table';
};

export const START_VIEW: ViewState = { verdicts: new Set(EDGE_ORDER), text: '', isGrouped: true, period: '7d', shape: 'picture' };
