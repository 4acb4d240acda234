import { useQuery } from '@tanstack/react-query';
import type { VersionDetail } from '../../../shared/contract/version-views.ts';
import type { PolicyVersionId } from '../../../shared/model/ids.ts';
import { worstFirst } from '../../../shared/policy/readiness.ts';
import { api } from '../../api/client.ts';
import { CheckRow } from '../../ui/CheckRow.tsx';
import { Modal } from '../../ui/Modal.tsx';
import { QueryState } from '../../ui/StateBlocks.tsx';

/** On what the zones of a version were moved, as it was then. */
export function VersionEvidenceDialog({ id, onClose }: { readonly id: PolicyVersionId; readonly onClose: () => void }) {
  const version = useQuery(api.versions.show.queryOptions({ input: { id } }));
  return (
    <Modal title={`Evidence of version ${id}`} wide onClose={onClose}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (axe scrollable-region-focusable) */}
      <div className="modal-body stack" role="region" aria-label="Evidence" tabIndex={0}>
        <QueryState query={version} what="the evidence">
          {({ zones }) => {
            const judged = zones.filter((zone) => zone.mode !== 'observe');
            return judged.length === 0 ? <p className="muted">Every zone of this version observes, which needs no evidence.</p> : judged.map((zone) => <ZoneEvidence key={zone.name} zone={zone} />);
          }}
        </QueryState>
      </div>
    </Modal>
  );
}

function ZoneEvidence({ zone: { name, mode, isMoved, evidence } }: { readonly zone: VersionDetail['zones'][number] }) {
  return (
    <section className="stack tight" aria-label={`Evidence of zone ${name}`}>
      <h3>
        {name}: {mode}
        {isMoved ? ', since this version' : ''}
      </h3>
      {evidence === null ? (
        <p className="muted">None was stored.</p>
      ) : (
        <>
          <p className="small muted inert">
            Gathered on {new Date(evidence.atMs).toISOString().slice(0, 10)} by {evidence.actor} for the move from {evidence.from}.
            {evidence.isStale ? ' Stale: the zone’s rules or hosts had changed when this version was made.' : ''}
          </p>
          <ul className="checks" aria-label={`Checks of zone ${name}`}>
            {worstFirst(evidence.checks).map((check) => (
              <CheckRow key={check.check} check={check} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
