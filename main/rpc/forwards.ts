import { drainDestinations } from '../services/forward-drain.ts';
import * as forwards from '../services/forward-service.ts';
import { os } from './implementer.ts';

export const forwardsRouter = {
  list: os.forwards.list.handler(({ context }) => forwards.listForwards(context)),
  add: os.forwards.add.handler(({ context, input }) => forwards.addForward(context, input)),
  confirm: os.forwards.confirm.handler(({ context, input }) => forwards.confirmForward(context, input.name)),
  setAside: os.forwards.setAside.handler(({ context, input }) => forwards.listAside(context, input.name)),
  forgetSetAside: os.forwards.forgetSetAside.handler(({ context, input }) => {
    forwards.forgetAside(context, input.name);
    return { ok: true } as const;
  }),
  remove: os.forwards.remove.handler(({ context, input }) => {
    forwards.removeForward(context, input.name);
    return { ok: true } as const;
  }),
  test: os.forwards.test.handler(({ context, input, signal }) => forwards.testForward(context, input.name, signal)),
  run: os.forwards.run.handler(({ context, input, signal }) => drainDestinations(context, input.name, signal)),
};
