import type { Use } from '../../shared/policy/where-used.ts';
import { formatTable } from './table.ts';

/** The places that name something, as a table; one sentence when there are none. */
export const formatUses = (uses: readonly Use[]): string =>
  uses.length === 0 ? 'Nothing uses it: it can be removed.' : formatTable(['USED BY', 'AS', 'WHICH IS'], uses.map(({ label, as, text }) => [label, as, text]));
