import type { PolicyDiffRow } from '../model/diff.ts';
import type { FlipCount, FlipReport } from '../model/flip.ts';

const WORDS: Record<FlipCount['change'], string> = {
  'allowed-to-blocked': 'allowed → blocked',
  'would-block-to-blocked': 'would block → blocked',
  'allowed-to-would-block': 'allowed → would block',
  'blocked-to-allowed': 'blocked → allowed',
  'would-block-to-allowed': 'would block → allowed',
};

/** `3 flows (12 connections) allowed → blocked, …`; empty for none. */
export const flipsText = (flips: readonly FlipCount[]): string => flips.map(({ change, flows, connections }) => `${flows} ${flows === 1 ? 'flow' : 'flows'} (${connections} connections) ${WORDS[change]}`).join(', ');

/** What one row of the policy's diff flips by itself, to stand below it; null where nobody looked (policy tests flip nothing). */
export function flipLine(report: FlipReport, row: Pick<PolicyDiffRow, 'what' | 'name'>): string | null {
  const change = report.changes.find((one) => one.what === row.what && one.name === row.name);
  if (change === undefined) return null;
  if (change.flips === null) return change.note;
  return change.flips.length === 0 ? 'flips nothing that was seen' : `by itself: ${flipsText(change.flips)}`;
}

/** What no single change is the reason of; empty where there is no such thing. */
export const sharedFlipLines = ({ together, eitherWay }: FlipReport): string[] => [
  ...together.map(({ changes, flips }) => `Only together, ${changes.join(' and ')}: ${flipsText(flips)}`),
  ...(eitherWay.length === 0 ? [] : [`Whichever one change is left out, because others do the same: ${flipsText(eitherWay)}`]),
];
