import { z } from 'zod';
import type { AlertQuery } from '../../../shared/contract/alerts.ts';
import { AlertKind, AlertState } from '../../../shared/model/alert.ts';
import { HostName, ZoneName } from '../../../shared/model/names.ts';

const Shown = z.enum([...AlertState.options, 'all']);

/** The filters of the alerts screen as they stand in the address, and the alert whose details are open. Without `state`: those that are open. */
export const alertSearch = z.object({
  state: Shown.optional().catch(undefined),
  kind: AlertKind.optional().catch(undefined),
  host: HostName.optional().catch(undefined),
  zone: ZoneName.optional().catch(undefined),
  text: z.string().max(200).optional().catch(undefined),
  id: z.number().int().positive().optional().catch(undefined),
});
export type AlertSearch = z.infer<typeof alertSearch>;

export const MAX_ROWS = 5000;

export function alertQueryOf({ state = 'open', kind, host, zone, text }: AlertSearch): AlertQuery {
  return { states: state === 'all' ? null : [state], kind: kind ?? null, host: host ?? null, zone: zone ?? null, text: text === undefined || text.trim() === '' ? null : text.trim(), limit: MAX_ROWS };
}
