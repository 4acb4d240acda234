import type { ContractRouterClient } from '@orpc/contract';
import { createRouterClient } from '@orpc/server';
import type { Contract } from '../../shared/contract/contract.ts';
import type { BackendContext } from '../services/backend-context.ts';
import { router } from './router.ts';

/** What the CLI, the windows and tests call; the same type whether in process or over a port. */
export type BackendClient = ContractRouterClient<Contract>;

/** Calls in this process: same validation and same errors as over a port, no serialisation. */
export function createClient(ctx: BackendContext): BackendClient {
  return createRouterClient(router, { context: () => ctx });
}
