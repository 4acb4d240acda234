import { implement } from '@orpc/server';
import { contract } from '../../shared/contract/contract.ts';
import type { BackendContext } from '../services/backend-context.ts';
import { bridgeError, bridgeStream } from './error-bridge.ts';

const isEventStream = (output: unknown): output is AsyncIterable<unknown> => typeof output === 'object' && output !== null && Symbol.asyncIterator in output;

/** What each group of the router is built from: `os.hosts.list.handler(({ context, input, signal }) => …)`. */
export const os = implement(contract)
  .$context<BackendContext>()
  .use(async ({ next, path }) => {
    const procedure = path.join('.');
    try {
      const result = await next();
      return isEventStream(result.output) ? { ...result, output: bridgeStream(result.output, procedure) } : result;
    } catch (error) {
      throw bridgeError(error, procedure);
    }
  });
