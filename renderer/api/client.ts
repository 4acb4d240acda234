import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { createTanstackQueryUtils } from '@orpc/tanstack-query';
import type { Contract } from '../../shared/contract/contract.ts';
import { toLinkPort, type WindowPort } from '../../shared/contract/window-port.ts';

declare global {
  interface Window {
    readonly firebreakPort: WindowPort;
  }
}

/** Every procedure of the backend, over the port that the window gave this page. Calls reject with `ORPCError`; see `error-sentence.ts`. */
export const client: ContractRouterClient<Contract> = createORPCClient(new RPCLink({ port: toLinkPort(window.firebreakPort) }));

/** The same procedures as query and mutation options for TanStack Query. */
export const api = createTanstackQueryUtils(client);
