import { useQuery } from '@tanstack/react-query';
import type { PolicyDiffRow } from '../../../shared/model/diff.ts';
import type { FlipReport } from '../../../shared/model/flip.ts';
import { flipLine, sharedFlipLines } from '../../../shared/text/flip-text.ts';
import { api } from '../../api/client.ts';
import { Note } from '../../ui/Note.tsx';
import { PolicyDiffRows } from '../../ui/PolicyDiffRows.tsx';
import { QueryFailure } from '../../ui/StateBlocks.tsx';

/** Layer 1: what changed in the policy, and which seen flows each change flips by itself. That is asked for after the plan, as it judges every flow once for each change. */
export function PolicyDiffCard({ rows }: { readonly rows: readonly PolicyDiffRow[] }) {
  const flips = useQuery({ ...api.policy.flips.queryOptions({ input: { sinceMs: null } }), enabled: rows.length > 0 });
  return (
    <section className="card" aria-label="Policy changes">
      <div className="card-head">
        <h2 className="grow">Policy changes</h2>
        <span className="muted small">{rows.length}</span>
      </div>
      {rows.length === 0 ? (
        <p className="card-body muted">The policy is that of the last version; hosts change because labels, addresses or hosts did.</p>
      ) : (
        <PolicyDiffRows rows={rows} noteOf={(row) => (flips.data === undefined ? null : <FlipNote flips={flips.data} row={row} />)} />
      )}
      {flips.isLoading ? <p className="card-body small muted">Looking at which seen flows each change flips …</p> : null}
      {/* Without a word, changes whose flips are not known would look like changes that flip nothing. */}
      {flips.error === null ? null : (
        <div className="card-body">
          <QueryFailure query={flips} />
        </div>
      )}
      {flips.data === undefined || rows.length === 0 ? null : <SharedFlips flips={flips.data} />}
    </section>
  );
}

function FlipNote({ flips, row }: { readonly flips: FlipReport; readonly row: PolicyDiffRow }) {
  const line = flipLine(flips, row);
  return line === null ? null : <span className="small muted inert">{line}</span>;
}

/** What no single change is the reason of. */
function SharedFlips({ flips }: { readonly flips: FlipReport }) {
  const lines = sharedFlipLines(flips);
  if (lines.length === 0) return null;
  return (
    <div className="card-body">
      <Note kind="plain" title="Seen flows that several changes flip">
        <ul className="stack tight inert">
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </Note>
    </div>
  );
}
