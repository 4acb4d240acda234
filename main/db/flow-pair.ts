import { FLOW_COLUMNS, type FlowEnd, IN_LIST, type StoredFlow, toStoredFlow } from './flow-query.ts';
import type { ReadDb } from './sql.ts';

/** By the peer's address or the reporter's key, never a scan of all flows; its plan is pinned by a test. */
export const FLOW_PAIR_SQL = `SELECT ${FLOW_COLUMNS}, connections FROM flows WHERE direction = 'out' AND reporter IN ${IN_LIST('consumers')} AND peer_address IN ${IN_LIST('providerAddresses')}
UNION ALL SELECT ${FLOW_COLUMNS}, connections FROM flows WHERE direction = 'in' AND reporter IN ${IN_LIST('providers')} AND peer_address IN ${IN_LIST('consumerAddresses')}
ORDER BY last_seen_at_ms DESC, id DESC LIMIT 10000`;

/** What either end ever reported of the other, newest first; at most 10,000 aggregates. */
export function listFlowsBetween(db: ReadDb, consumer: FlowEnd, provider: FlowEnd): StoredFlow[] {
  const params = { consumers: JSON.stringify(consumer.reporters), consumerAddresses: JSON.stringify(consumer.addresses), providers: JSON.stringify(provider.reporters), providerAddresses: JSON.stringify(provider.addresses) };
  return db.all(FLOW_PAIR_SQL, params).map(toStoredFlow);
}
