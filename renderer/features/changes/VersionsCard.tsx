import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { PolicyVersionId } from '../../../shared/model/ids.ts';
import { api } from '../../api/client.ts';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { RowMenu } from '../../ui/Menu.tsx';
import { QueryState } from '../../ui/StateBlocks.tsx';
import { TimeAgo } from '../../ui/TimeAgo.tsx';
import { VersionDiffDialog } from './VersionDiffDialog.tsx';
import { VersionEvidenceDialog } from './VersionEvidenceDialog.tsx';

/** Immutable versions of the policy, each to be compared with the one before or made the draft again. */
export function VersionsCard() {
  const versions = useQuery(api.versions.list.queryOptions({ input: {} }));
  const restore = useMutation(api.versions.restore.mutationOptions());
  const [evidenceOf, setEvidenceOf] = useState<PolicyVersionId | null>(null);
  const [compared, setCompared] = useState<{ a: PolicyVersionId; b: PolicyVersionId } | null>(null);
  return (
    <section className="stack" aria-label="Versions">
      <h2>Versions</h2>
      {restore.error === null ? null : <ErrorNote error={restore.error} />}
      <QueryState query={versions} what="versions">
        {(rows) =>
          rows.length === 0 ? (
            <p className="muted">A push makes a version, which can be compared and restored.</p>
          ) : (
            <ul className="history">
              {rows
                .toSorted((a, b) => b.id - a.id)
                .map((version) => (
                  <li key={version.id} className="row">
                    <div className="grow">
                      <div className="row">
                        <span className="strong">Version {version.id}</span>
                        <code className="muted">{version.hash.slice(0, 8)}</code>
                      </div>
                      <div className="small muted truncate">
                        <TimeAgo atMs={version.createdAtMs} /> by {version.author}
                      </div>
                    </div>
                    <RowMenu
                      label={`Actions for version ${version.id}`}
                      actions={[
                        { id: 'restore', text: 'Make it the draft', run: () => restore.mutate({ id: version.id }) },
                        { id: 'evidence', text: 'Evidence of its zones', run: () => setEvidenceOf(version.id) },
                        {
                          id: 'diff',
                          text: 'Compare with the one before',
                          isDisabled: version.parent === null,
                          run: () => version.parent !== null && setCompared({ a: version.parent, b: version.id }),
                        },
                      ]}
                    />
                  </li>
                ))}
            </ul>
          )
        }
      </QueryState>
      {compared === null ? null : <VersionDiffDialog {...compared} onClose={() => setCompared(null)} />}
      {evidenceOf === null ? null : <VersionEvidenceDialog id={evidenceOf} onClose={() => setEvidenceOf(null)} />}
    </section>
  );
}
