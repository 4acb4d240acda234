import type { ContainmentOrder } from '../../shared/contract/containment.ts';
import { client } from '../api/client.ts';
import { runPush } from '../api/push-store.ts';

const CONFIRM_WITHIN_SECONDS = 60;

/**
 * Begins what was planned under that hash; the Changes screen shows how it goes on. Rejects when it is not taken (PUSH_RUNNING, PLAN_STALE …), and then leaves the push that this window shows
 * as it is.
 */
export async function carryOut(order: ContainmentOrder, planHash: string): Promise<void> {
  const states = await client.containments.start({ order, planHash, confirmWithinSeconds: CONFIRM_WITHIN_SECONDS });
  void runPush(() => Promise.resolve(states));
}
