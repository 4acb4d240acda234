import type { FleetHost } from '../../shared/model/host.ts';
import { EMPTY_LEDGER, type NameLedger } from '../../shared/model/name-ledger.ts';
import type { Policy } from '../../shared/model/policy.ts';
import { type NameAnswers, readNameAnswers, sightingsAsOf, withAnswers } from '../../shared/policy/name-answers.ts';
import { loadNameLedger, readLedgerRevision } from '../db/name-ledger-store.ts';
import type { BackendContext } from './backend-context.ts';

const loadedLedgers = new WeakMap<BackendContext['workspace'], { revision: number; ledger: NameLedger }>();

/** Kept until an answer is stored. */
export function readNameLedger(ctx: BackendContext): NameLedger {
  const revision = readLedgerRevision(ctx.workspace.read);
  const known = loadedLedgers.get(ctx.workspace);
  if (known?.revision === revision) return known.ledger;
  const ledger = revision === 0 ? EMPTY_LEDGER : loadNameLedger(ctx.workspace.read);
  loadedLedgers.set(ctx.workspace, { revision, ledger });
  return ledger;
}

/** The policy as it is to be compiled, simulated and explained, with what each name of its lists means now. What is stored, compared and exported is the policy as written. */
export function resolvePolicy(ctx: BackendContext, policy: Policy, fleet: readonly FleetHost[]): { readonly policy: Policy; readonly names: readonly NameAnswers[] } {
  if (policy.ipLists.every((list) => list.names === undefined)) return { policy, names: [] };
  const names = readNameAnswers(policy, { sightings: readNameLedger(ctx).sightings, hosts: fleet }, ctx.nowMs());
  return { policy: withAnswers(policy, names), names };
}

/** A version with what its names meant when it was pushed, as far as the ledger tells. */
export function resolvePolicyAsOf(ctx: BackendContext, policy: Policy, fleet: readonly FleetHost[], atMs: number): Policy {
  if (policy.ipLists.every((list) => list.names === undefined)) return policy;
  return withAnswers(policy, readNameAnswers(policy, { sightings: sightingsAsOf(readNameLedger(ctx).sightings, atMs), hosts: fleet }, atMs));
}
