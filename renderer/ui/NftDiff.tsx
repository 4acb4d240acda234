import { structuredPatch } from 'diff';
import { useMemo } from 'react';

type Line = { readonly kind: 'same' | 'added' | 'removed' | 'gap'; readonly text: string };
type NftDiffProps = { readonly before: string; readonly after: string; /** Every line, not only the changed ones with three around them. */ readonly showAll?: boolean };

const CONTEXT_LINES = 3;
const signs = { same: ' ', added: '+', removed: '−', gap: ' ' };
const words = { same: '', added: 'added: ', removed: 'removed: ', gap: '' };

function toLine(raw: string): Line {
  if (raw.startsWith('+')) return { kind: 'added', text: raw.slice(1) };
  if (raw.startsWith('-')) return { kind: 'removed', text: raw.slice(1) };
  return { kind: 'same', text: raw.slice(1) };
}

/** Lines of the difference; empty when the texts are equal. Pure. */
export function diffLines(before: string, after: string): readonly Line[] {
  const { hunks } = structuredPatch('before', 'after', before, after, '', '', { context: CONTEXT_LINES });
  return hunks.flatMap((hunk, index) => [
    ...(index === 0 && hunk.newStart <= 1 ? [] : [{ kind: 'gap' as const, text: `line ${hunk.newStart}` }]),
    ...hunk.lines.filter((line) => !line.startsWith('\\')).map(toLine),
  ]);
}

/** nft text before and after, by line. Told by sign and colour; scrolls within itself. */
export function NftDiff({ before, after, showAll = false }: NftDiffProps) {
  const lines = useMemo(() => (showAll ? after.split('\n').map((text): Line => ({ kind: 'same', text })) : diffLines(before, after)), [before, after, showAll]);
  if (lines.length === 0) return <p className="card-body muted">No difference in the text.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (axe scrollable-region-focusable)
    <pre className="nft" tabIndex={0} role="region" aria-label="nft text">
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
        <div key={index} className={`nft-line ${line.kind}`}>
          <span aria-hidden>{signs[line.kind]}</span>
          <span className="visually-hidden">{words[line.kind]}</span>
          {line.text}
        </div>
      ))}
    </pre>
  );
}
