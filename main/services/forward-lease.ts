import { findLease, type ForwardLease, saveLease } from '../db/forward-store.ts';
import type { BackendContext } from './backend-context.ts';
import { isAlive, thisProcess } from './push-owner.ts';
import { thisMachine } from './this-machine.ts';

/** Longer than one batch may take; each batch renews it. */
const LEASE_MS = 120_000;
/** How far the clocks of two machines may be apart. */
const CLOCKS_APART_MS = 300_000;

/**
 * Whether `token` may send to the destination now, so that a window and `forward run` never write the same file at once, nor two machines that have the workspace on a share. On this
 * machine it is another's while that process lives and has not been silent for two minutes; a console that was killed holds nobody up. On another machine nothing but its renewals
 * tells that it lives: it counts until it has been silent for so long, and five minutes more, since clocks differ.
 */
export function takeLease(ctx: BackendContext, name: string, token: string, machine = thisMachine()): boolean {
  const nowMs = ctx.nowMs();
  return ctx.workspace.transaction((tx) => {
    const held = findLease(tx, name);
    if (held !== undefined && held.token !== token && isHeld(held, machine, nowMs)) return false;
    saveLease(tx, name, { ...thisProcess(), machine, token, untilMs: nowMs + LEASE_MS });
    return true;
  });
}

function isHeld(held: ForwardLease, machine: string, nowMs: number): boolean {
  if (held.machine === machine || held.machine === '') return held.untilMs > nowMs && isAlive(held);
  // One that ends later than any lease of a clock that far apart is of a clock that is years ahead, and would hold for years.
  return held.untilMs + CLOCKS_APART_MS > nowMs && held.untilMs <= nowMs + LEASE_MS + CLOCKS_APART_MS;
}
