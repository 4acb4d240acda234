import type { ReachProof } from '../../shared/model/reach-proof.ts';
import { listReachProofsWithin } from '../db/reach-proof-store.ts';
import type { EvidencePeriod, EvidenceSources, RowOf } from '../reports/evidence/evidence-tables.ts';
import type { BackendContext } from './backend-context.ts';

/** What was tried in runs that ended within the period. */
export function readReachRows(ctx: BackendContext, period: EvidencePeriod): Pick<EvidenceSources, 'reach_proofs' | 'reach_tries'> {
  const proofs = listReachProofsWithin(ctx.workspace.read, period);
  return {
    reach_proofs: proofs.map((one) => ({ proof: one.id, started_at: one.startedAtMs, ended_at: one.endedAtMs, by: one.by, version: one.version, zone: one.zone ?? '', sample: one.sample, seed: one.seed, notes: one.notes.join(' ') })),
    reach_tries: proofs.flatMap(toReachRows),
  };
}

export const toReachRows = ({ id, tries }: Pick<ReachProof, 'id' | 'tries'>): RowOf<'reach_tries'>[] =>
  tries.map(({ fromZone: from_zone, toZone: to_zone, sourceSilent: source_silent, destinationSilent: destination_silent, ...one }) => ({ proof: id, ...one, from_zone, to_zone, source_silent, destination_silent }));
