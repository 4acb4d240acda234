import { useMemo } from 'react';
import { pairLines } from './pair-lines.ts';

/** Two texts of rules beside each other, line by line: what one side lacks is a gap on that side. Told by sign and colour; scrolls within itself. */
export function SideBySide({ before, after, heads }: { readonly before: string; readonly after: string; readonly heads: readonly [string, string] }) {
  const pairs = useMemo(() => pairLines(before, after), [before, after]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (axe scrollable-region-focusable)
    <div className="nft beside" tabIndex={0} role="region" aria-label="Rules side by side">
      <table>
        <thead>
          <tr>
            <th scope="col">{heads[0]}</th>
            <th scope="col">{heads[1]}</th>
          </tr>
        </thead>
        <tbody>
          {pairs.map((pair, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
            <tr key={index}>
              <td className={pair.isSame ? '' : 'nft-line removed'}>{side('−', 'only here: ', pair.left, pair.isSame)}</td>
              <td className={pair.isSame ? '' : 'nft-line added'}>{side('+', 'only here: ', pair.right, pair.isSame)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function side(sign: string, word: string, text: string | null, isSame: boolean) {
  if (text === null) return null;
  return (
    <code>
      {isSame ? null : <span aria-hidden>{sign} </span>}
      {isSame ? null : <span className="visually-hidden">{word}</span>}
      {text}
    </code>
  );
}
