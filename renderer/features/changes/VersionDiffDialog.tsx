import { useQuery } from '@tanstack/react-query';
import { PolicyDiffRow } from '../../../shared/model/diff.ts';
import type { PolicyVersionId } from '../../../shared/model/ids.ts';
import { api } from '../../api/client.ts';
import { Modal } from '../../ui/Modal.tsx';
import { PolicyDiffRows } from '../../ui/PolicyDiffRows.tsx';
import { QueryState } from '../../ui/StateBlocks.tsx';

/** What changed in the policy from version `a` to version `b`. */
export function VersionDiffDialog({ a, b, onClose }: { readonly a: PolicyVersionId; readonly b: PolicyVersionId; readonly onClose: () => void }) {
  const diff = useQuery(api.versions.diff.queryOptions({ input: { a, b } }));
  return (
    <Modal title={`Version ${a} → version ${b}`} wide onClose={onClose}>
      <div className="modal-body">
        <QueryState query={diff} what="the difference">
          {(rows) => (rows.length === 0 ? <p className="muted">The two are equal.</p> : <PolicyDiffRows rows={PolicyDiffRow.array().parse(rows)} />)}
        </QueryState>
      </div>
    </Modal>
  );
}
