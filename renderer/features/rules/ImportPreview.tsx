import type { ImportResult } from '../../../shared/contract/policy-files.ts';
import { errorSentence } from '../../api/error-sentence.ts';
import { Note } from '../../ui/Note.tsx';
import { PolicyDiffRows } from '../../ui/PolicyDiffRows.tsx';

/** What taking the file would change in the draft, or what is wrong with it, with lines and carets as the command line prints them. */
export function ImportPreview({ result, error }: { readonly result: ImportResult | undefined; readonly error: unknown }) {
  if (error !== null) {
    const { title, hint } = errorSentence(error);
    return (
      <div className="stack tight" role="alert" data-testid="file-issues">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (axe scrollable-region-focusable) */}
        <pre className="file-issues" tabIndex={0} role="region" aria-label="What is wrong with the file">
          {title}
        </pre>
        <p className="note-hint">{hint}</p>
      </div>
    );
  }
  if (result === undefined) return <p className="muted">Reading …</p>;
  if (result.changes.length === 0) return <Note kind="good" title="The file says what the draft says." />;
  return (
    <section className="stack tight" aria-label="What the file changes in the draft">
      <p>
        {result.how === 'merged' ? 'Merged with what the draft changed since the export: ' : ''}
        {result.changes.length} {result.changes.length === 1 ? 'change' : 'changes'} to the draft; nothing is pushed.
      </p>
      <PolicyDiffRows rows={result.changes} />
    </section>
  );
}
