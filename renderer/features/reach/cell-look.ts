import type { MatrixCell, MatrixPermit, MatrixSeen } from '../../../shared/contract/reach-views.ts';
import { shortCount } from '../../../shared/text/amount-text.ts';
import type { Meaning } from '../../ui/Mark.tsx';
import { EDGE_WORDS } from '../../ui/verdict-words.ts';
import type { MatrixLayer } from './reach-search.ts';

/** What a cell shows. `form` is its glyph: the five meanings of the window, and for permits how much passes. `text` is for the eye, `words` for ears and the tooltip. */
export type CellLook = { readonly meaning: Meaning | 'none'; readonly form: 'all' | 'some' | 'none' | 'seen' | 'empty'; readonly text: string; readonly words: string };

const EMPTY: CellLook = { meaning: 'none', form: 'empty', text: '', words: 'nothing seen' };

export function lookOfCell(cell: MatrixCell, layer: MatrixLayer): CellLook {
  return layer === 'seen' ? lookOfSeen(cell.seen) : lookOfPermit(cell[layer]);
}

function lookOfSeen({ worst, connections, services }: MatrixSeen): CellLook {
  if (worst === null) return EMPTY;
  return { meaning: worst, form: 'seen', text: shortCount(connections), words: `${connections.toLocaleString('en')} connections on ${services} ${services === 1 ? 'service' : 'services'}, worst: ${EDGE_WORDS[worst].toLowerCase()}` };
}

export function lookOfPermit({ kind, wouldBlock, count, services, rules }: MatrixPermit): CellLook {
  const byTest = wouldBlock ? ', some of it only because an end tests' : '';
  switch (kind) {
    case 'nobody':
      return { ...EMPTY, words: 'no two hosts that could speak' };
    case 'nothing':
      return { meaning: 'blocked', form: 'none', text: '', words: 'nothing passes' };
    case 'everything':
      return { meaning: wouldBlock ? 'would-block' : 'no-rule', form: 'all', text: 'all', words: `everything passes${byTest}` };
    case 'services':
      return { meaning: wouldBlock ? 'would-block' : 'allowed', form: 'some', text: String(count), words: `${services.join(', ')}${count > services.length ? ` and ${count - services.length} more` : ''} ${count === 1 ? 'passes' : 'pass'} by ${rules} ${rules === 1 ? 'rule' : 'rules'}${byTest}` };
  }
}

/** Whether what passes differs between what hosts run and the draft. */
export const isChanged = ({ live, draft }: MatrixCell): boolean => live.kind !== draft.kind || live.count !== draft.count;
