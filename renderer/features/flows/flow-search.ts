import { z } from 'zod';
import { FlowFilters, type FlowOrder } from '../../../shared/contract/flow-pages.ts';

const fields = FlowFilters.shape;

/** The filters of the flows screen as they stand in the address, so that a view can be linked to; nonsense in one field leaves the others. */
export const flowSearch = z.object({
  period: fields.period.catch(undefined),
  since: fields.since.catch(undefined),
  until: fields.until.catch(undefined),
  verdict: fields.verdict.catch(undefined),
  draft: fields.draft.catch(undefined),
  from: fields.from.catch(undefined),
  to: fields.to.catch(undefined),
  service: fields.service.catch(undefined),
  user: fields.user.catch(undefined),
  unit: fields.unit.catch(undefined),
  text: fields.text.catch(undefined),
  order: fields.order.catch(undefined),
});
export type FlowSearch = z.infer<typeof flowSearch>;

/** The same, with the dialog that is open: so that other screens can lead to it, and going back closes it. */
export const flowsAddress = flowSearch.extend({ ask: z.enum(['import']).optional().catch(undefined) });

/** The set fields alone: what is saved as a view, and compared with one. */
export const filtersOf = (search: FlowSearch): FlowFilters => FlowFilters.parse(Object.fromEntries(Object.entries(flowSearch.parse(search)).filter(([, value]) => value !== undefined)));

export const isSameFilters = (a: FlowSearch, b: FlowSearch): boolean => JSON.stringify(flowSearch.parse(filtersOf(a))) === JSON.stringify(flowSearch.parse(filtersOf(b)));

/** Connections are kept in order over all time alone. */
export const canBeBusiest = (search: FlowSearch): boolean => search.period === 'all' && search.since === undefined && search.until === undefined;

/** The busiest within a window cannot be asked for: a link or a change of the period that would is read as the newest. */
export const orderOf = (search: FlowSearch): FlowOrder => (search.order === 'busiest' && !canBeBusiest(search) ? 'newest' : (search.order ?? 'newest'));
