import { intersectRanges } from '../../net/range-set.ts';
import type { LiveMatch } from '../host-ruleset.ts';
import type { ExportEntry, ExportService } from './export-form.ts';

/** Whether one packet can be meant by both. Times and source ports are not looked at. */
export const overlaps = (a: ExportEntry, b: ExportEntry): boolean => a.family === b.family && meet(a.peers, b.peers) && meet(a.local, b.local) && haveCommon(a.service, b.service);

const meet = (a: LiveMatch, b: LiveMatch): boolean => a.kind === 'any' || b.kind === 'any' || intersectRanges(a.ranges, b.ranges).length > 0;

function haveCommon(a: ExportService, b: ExportService): boolean {
  if (a.kind === 'any' || b.kind === 'any') return true;
  if (a.kind === 'ports' && b.kind === 'ports') return a.protocol === b.protocol && a.ports.some((one) => b.ports.some((other) => one.from <= other.to && other.from <= one.to));
  if (a.kind === 'icmp' && b.kind === 'icmp') return a.types === 'all' || b.types === 'all' || a.types.some((type) => b.types !== 'all' && b.types.includes(type));
  return a.kind === 'igmp' && b.kind === 'igmp';
}
