import { EDGE_ORDER, EDGE_WORDS } from '../../ui/verdict-words.ts';
import { CellGlyph } from './CellGlyph.tsx';
import type { CellLook } from './cell-look.ts';
import type { MatrixLayer } from './reach-search.ts';

const permits: readonly { readonly look: Omit<CellLook, 'words'>; readonly words: string }[] = [
  { look: { meaning: 'no-rule', form: 'all', text: 'all' }, words: 'Everything passes' },
  { look: { meaning: 'allowed', form: 'some', text: '3' }, words: 'So many services' },
  { look: { meaning: 'would-block', form: 'some', text: '' }, words: 'Some only because an end tests' },
  { look: { meaning: 'blocked', form: 'none', text: '' }, words: 'Nothing' },
];

/** What the glyphs of the layer mean. */
export function MatrixLegend({ layer }: { readonly layer: MatrixLayer }) {
  const entries = layer === 'seen' ? EDGE_ORDER.map((meaning) => ({ look: { meaning, form: 'seen' as const, text: '' }, words: EDGE_WORDS[meaning] })) : permits;
  return (
    <ul className="matrix-legend" aria-label="Legend">
      {entries.filter(({ look }) => layer === 'live' || look.meaning !== 'would-block' || layer === 'seen').map(({ look, words }) => (
        <li key={words} className={look.meaning}>
          <CellGlyph look={{ ...look, words }} />
          <span className="muted">{words}</span>
        </li>
      ))}
      {layer === 'seen' ? <li className="muted">Number: all connections; sign and colour: the worst of them. Empty: nothing seen</li> : null}
      {layer === 'draft' ? (
        <li>
          <span className="changed-sample" aria-hidden />
          <span className="muted">Unlike live</span>
        </li>
      ) : null}
    </ul>
  );
}
