import { implement } from '@orpc/server';
import { contract } from '../../shared/contract/contract.ts';
import type { BackendContext } from '../services/backend-context.ts';
import { refuseConnecting } from './connecting.ts';
import { bridgeError, bridgeStream } from './error-bridge.ts';

const isEventStream = (output: unknown): output is AsyncIterable<unknown> => typeof output === 'object' && output !== null && Symbol.asyncIterator in output;

/** Our own defects with all that is known of them; what was refused by its code alone, since the rest is for who asked. */
function logged(context: BackendContext, procedure: string, error: ReturnType<typeof bridgeError>): typeof error {
  if (error.code === 'INTERNAL') context.log.write('failed', { procedure }, error.cause);
  else if (error.code !== 'ABORTED') context.log.write('refused', { procedure, code: error.code });
  return error;
}

/** What each group of the router is built from: `os.hosts.list.handler(({ context, input, signal }) => …)`. */
export const os = implement(contract)
  .$context<BackendContext>()
  .use(async ({ context, next, path }) => {
    const procedure = path.join('.');
    const bridge = (error: unknown) => logged(context, procedure, bridgeError(error, procedure));
    try {
      refuseConnecting(context, procedure);
      const result = await next();
      return isEventStream(result.output) ? { ...result, output: bridgeStream(result.output, bridge) } : result;
    } catch (error) {
      throw bridge(error);
    }
  });
