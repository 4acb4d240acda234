import { findAnything } from '../services/search.ts';
import { os } from './implementer.ts';

export const searchRouter = { find: os.search.find.handler(({ context, input, signal }) => findAnything(context, input, signal)) };
