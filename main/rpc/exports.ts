import { exportPolicy } from '../services/export-policy.ts';
import { os } from './implementer.ts';

export const exportsRouter = {
  make: os.exports.make.handler(({ context, input }) => exportPolicy(context, input)),
};
