import { z } from 'zod';
import { ForwardDestination } from '../model/forward.ts';
import { ForwardNamed, ForwardRun, ForwardView, SetAsideEvent } from './forwards.ts';
import { call, done, none } from './contract-call.ts';

/** Where alerts, audit entries, refused connections and pushes are sent. Nothing is sent anywhere that is not in this list, and nothing from a machine on which nobody confirmed it. */
export const forwardsContract = {
  /** By name. Asks no destination. */
  list: call.input(none).output(z.array(ForwardView)),
  /** It gets what happens from now on, and is confirmed on this machine. Connects to nothing; NAME_TAKEN, FILE_NOT_WRITABLE. */
  add: call.input(ForwardDestination).output(ForwardView),
  /** From now on this machine sends there, what waits first; it is asked once a machine and destination, whatever workspace names it. FILE_NOT_WRITABLE. */
  confirm: call.input(ForwardNamed).output(ForwardView),
  /** Newest first, the newest 1000. */
  setAside: call.input(ForwardNamed).output(z.array(SetAsideEvent)),
  /** They are gone, and the count begins anew. */
  forgetSetAside: call.input(ForwardNamed).output(done),
  /** What waits for it is given up. */
  remove: call.input(ForwardNamed).output(done),
  /** Sends one event that says that it is a test, past the spool; FORWARD_FAILED, FORWARD_NOT_CONFIRMED. `confirmed`: the destination said that it has it. */
  test: call.input(ForwardNamed).output(z.strictObject({ confirmed: z.boolean() })),
  /** Sends what waits now, without waiting for the next try; null: to all. A destination that fails is in the answer. */
  run: call.input(z.strictObject({ name: ForwardNamed.shape.name.nullable() })).output(z.array(ForwardRun)),
};
