import { z } from 'zod';
import { DraftKind, FlowVerdict } from '../model/flow.ts';
import { FlowQuery, FlowRow } from './views.ts';

/** newest and oldest by when it was last seen; busiest by all connections that were ever counted, and so only without a window. */
export const FlowOrder = z.enum(['newest', 'oldest', 'busiest']);
export type FlowOrder = z.infer<typeof FlowOrder>;

const Place = z.strictObject({ value: z.number(), id: z.number() });
/** How far each of the two lists was read: before the beginning, a place, or to its end. */
const Position = z.union([z.literal('start'), z.literal('end'), Place]);
export const FlowCursor = z.strictObject({ recorded: Position, imported: Position });
export type FlowCursor = z.infer<typeof FlowCursor>;

const Filters = FlowQuery.omit({ limit: true, offset: true });
export const FlowPageQuery = Filters.extend({ order: FlowOrder, cursor: FlowCursor.nullable(), limit: z.number().int().min(1).max(1000) });
export type FlowPageQuery = z.infer<typeof FlowPageQuery>;

/**
 * A page can have fewer rows than were asked for, and even none, though more may follow: then the time for one answer was over. `next` is null at the end. `searchedTo` is how far was looked:
 * epoch ms, or connections for the busiest; null at the end.
 */
export const FlowPage = z.strictObject({ rows: z.array(FlowRow), next: FlowCursor.nullable(), searchedTo: z.number().nullable() });
export type FlowPage = z.infer<typeof FlowPage>;

export const FlowCountQuery = Filters;
export type FlowCountQuery = z.infer<typeof FlowCountQuery>;
/** `isExact` is false where there are more than 10,000, or where counting was given up; then there are at least so many. */
export const FlowCount = z.strictObject({ count: z.number().int(), isExact: z.boolean() });
export type FlowCount = z.infer<typeof FlowCount>;

/** The file is the texts of all parts, one after another. `rows` counts those up to here; `searchedToMs` is how far back was looked, null at both ends. */
export const FlowExportEvent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('part'), text: z.string(), rows: z.number().int(), searchedToMs: z.number().nullable() }),
  z.strictObject({ type: z.literal('done'), rows: z.number().int() }),
]);
export type FlowExportEvent = z.infer<typeof FlowExportEvent>;

/** The periods that a view can have, besides a range of its own. */
export const FlowPeriod = z.enum(['1h', '24h', '7d', '30d', 'all']);
export type FlowPeriod = z.infer<typeof FlowPeriod>;

/** What a person filters by, as it is typed and stored. Left out: no filter; `period` then is the last seven days. `since` and `until` (epoch ms) are a range in place of a period. */
export const FlowFilters = z.strictObject({
  period: FlowPeriod.optional(),
  since: z.number().int().nonnegative().optional(),
  until: z.number().int().nonnegative().optional(),
  verdict: FlowVerdict.optional(),
  draft: DraftKind.optional(),
  from: z.string().max(500).optional(),
  to: z.string().max(500).optional(),
  service: z.string().max(500).optional(),
  user: z.string().max(200).optional(),
  unit: z.string().max(200).optional(),
  text: z.string().max(500).optional(),
  order: FlowOrder.optional(),
});
export type FlowFilters = z.infer<typeof FlowFilters>;

export const FlowViewName = z.string().trim().min(1, 'a view needs a name').max(60, 'a name of a view has 60 characters at most');
/** Filters with a name, kept in the workspace for everybody who opens it. */
export const FlowView = z.strictObject({ name: FlowViewName, filters: FlowFilters, savedAtMs: z.number().int(), savedBy: z.string() });
export type FlowView = z.infer<typeof FlowView>;
