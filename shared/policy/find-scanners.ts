import type { ConsumerExchanges } from './exchanges.ts';

/** What a consumer tried, as far as the providers' kernels say whether somebody listened there. Ports count once a host. */
export type ScanFigures = { readonly tried: number; readonly hosts: number; readonly listened: number };

/** Nobody meets so many closed ports by a wrong setting … */
const CLOSED_PORTS = 20;
/** … and what works for a living finds most doors open: a monitoring host that was once used for a scan is no scanner. */
const CLOSED_SHARE = 0.75;

/**
 * The figures of a consumer that looks like a port scan, null for any other: at least 20 ports on which nothing listened, and three quarters of
 * all that it tried. Told by providers that name their listeners; a scan of hosts that name none is not seen here.
 */
export function findScan({ exchanges }: ConsumerExchanges): ScanFigures | null {
  const closed = exchanges.filter(({ listening }) => listening === 'closed');
  if (closed.length < CLOSED_PORTS || closed.length < exchanges.length * CLOSED_SHARE) return null;
  return { tried: exchanges.length, hosts: new Set(exchanges.map(({ provider }) => provider)).size, listened: exchanges.filter(({ listening }) => listening === 'open').length };
}
