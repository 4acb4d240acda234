import type { Containment, Exemption } from '../model/containment.ts';
import { printPeer } from '../text/peer-text.ts';
import { printServiceRefs } from '../text/service-text.ts';

/** Of exempted pairs, where not all are named: a closed service may have hundreds. */
const MAX_NAMED = 12;

/** What it does, in few words, without when, who and why. */
export const describeContainmentShort = (containment: Containment): string => describeWhat(containment, MAX_NAMED);

/** One line with when, who and why; of exempted pairs the first are named, and the others counted. */
export const describeContainmentBriefly = (containment: Containment): string => describeWhat(containment, MAX_NAMED) + describeOrder(containment);

/** The same with every exempted pair: equal containments give equal lines, and no others do. */
export const describeContainment = (containment: Containment): string => describeWhat(containment, Number.POSITIVE_INFINITY) + describeOrder(containment);

const describeOrder = ({ startsAt, endsAt, by, reason }: Containment): string => `; until ${endsAt}; by ${by} since ${startsAt}; reason ${reason}`;

const describeWhat = (containment: Containment, maxNamed: number): string =>
  containment.kind === 'quarantine' ? `quarantine of ${containment.host}` : `${printServiceRefs(containment.services)} closed in zone ${containment.zone}${describeExemptions(containment.except, maxNamed)}`;

function describeExemptions(except: readonly Exemption[], maxNamed: number): string {
  if (except.length === 0) return '';
  const more = except.length > maxNamed ? ` and ${except.length - maxNamed} more` : '';
  return ` except ${except.slice(0, maxNamed).map(({ from, to }) => `${printPeer(from)} → ${to}`).join(', ')}${more}`;
}
