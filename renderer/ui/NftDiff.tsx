import { useMemo } from 'react';
import { diffLines, type Line } from './diff-lines.ts';

type NftDiffProps = {
  readonly before: string;
  readonly after: string /** Every line, not only the changed ones with three around them. */;
  readonly showAll?: boolean;
};

const signs = { same: ' ', added: '+', removed: '−', gap: ' ' };
const words = { same: '', added: 'added: ', removed: 'removed: ', gap: '' };

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
