import { isSample } from '../db/sample-mark.ts';
import type { BackendContext } from './backend-context.ts';

/** Whether this is the generated sample: everything can be edited and simulated, nothing is connected to. */
export const isSampleWorkspace = (ctx: Pick<BackendContext, 'workspace'>): boolean => isSample(ctx.workspace.read);
