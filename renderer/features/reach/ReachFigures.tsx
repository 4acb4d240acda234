import type { ReachFigure, ReachQuery, ReachView } from '../../../shared/contract/reach-views.ts';

type FiguresProps = { readonly view: ReachView; readonly asked: ReachQuery };

/** The figure that is shown to others: of how many hosts how many, now and once the draft is enforced. */
export function ReachFigures({ view, asked }: FiguresProps) {
  return (
    <section className="reach-figures" aria-label="Figures">
      <Figure title="Live policy" figure={view.live} total={view.total} isShown={asked.policy === 'live'} />
      <Figure title="Draft, once enforced" figure={view.draft} total={view.total} isShown={asked.policy === 'draft'} />
      <p className="muted grow">{sentenceOf(view, asked)}</p>
    </section>
  );
}

function sentenceOf({ starts, live, draft, total }: ReachView, { of, direction, hops }: ReachQuery): string {
  const who = starts.length === 1 ? of : `${of} (${starts.length} hosts)`;
  const far = hops === 1 ? 'in one connection' : hops >= 16 ? 'however many connections it takes' : `in at most ${hops} connections`;
  const cut = live.reachable - draft.reachable;
  const change = cut === 0 ? 'The draft changes nothing about the number.' : cut > 0 ? `The draft cuts ${cut}.` : `The draft adds ${-cut}.`;
  return `${direction === 'out' ? `Whoever holds ${who} gets to ${live.reachable} of ${total} other hosts` : `${live.reachable} of ${total} other hosts ${live.reachable === 1 ? 'gets' : 'get'} to ${who}`}, ${far}. ${change}`;
}

type FigureProps = { readonly title: string; readonly figure: ReachFigure; readonly total: number; readonly isShown: boolean };

function Figure({ title, figure, total, isShown }: FigureProps) {
  const { reachable, possible, byHop } = figure;
  return (
    <div className={`reach-figure ${isShown ? 'shown' : ''}`}>
      <span className="muted small">{title}</span>
      <span>
        <strong className="number">{reachable.toLocaleString('en')}</strong> of {total.toLocaleString('en')} hosts
      </span>
      <svg className="reach-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        <rect className="track" width="100" height="6" />
        {byHop.map((count, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the place is the number of hops, which is what it is
          <rect key={i} className={`hop-${Math.min(i + 1, 3)}`} x={share(byHop.slice(0, i), total)} width={share([count], total)} height="6" />
        ))}
      </svg>
      <span className="muted small">{byHop.length === 0 ? 'none by any hop' : byHop.map((count, i) => `${count} in ${i + 1} ${i === 0 ? 'hop' : 'hops'}`).join(' · ')}</span>
      {possible === 0 ? null : <span className="muted small">{possible} more perhaps: nobody knows what listens there</span>}
    </div>
  );
}

const share = (counts: readonly number[], total: number): number => (total === 0 ? 0 : (counts.reduce((sum, count) => sum + count, 0) / total) * 100);
