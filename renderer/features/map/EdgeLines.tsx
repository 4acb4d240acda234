import { Mark } from '../../ui/Mark.tsx';
import { type DrawnEdge, edgeLabel } from './map-model.ts';

type Props = { readonly title: string; readonly edges: readonly DrawnEdge[]; readonly nameOf: (edge: DrawnEdge) => string; readonly onEdge: (id: string) => void };

/** More would make the panel slow to open; the table has all of them. */
const MAX_LINES = 100;

/** Connections in a panel, one line each; pressing one shows it. Nothing where there are none. */
export function EdgeLines({ title, edges, nameOf, onEdge }: Props) {
  if (edges.length === 0) return null;
  return (
    <section className="stack tight">
      <h3>{title}</h3>
      <ul className="stack tight">
        {edges.slice(0, MAX_LINES).map((edge) => (
          <li key={edge.id}>
            <button type="button" className="edge-line" onClick={() => onEdge(edge.id)}>
              <Mark meaning={edge.verdict} text={nameOf(edge)} />
              <span className="mono muted">{edgeLabel(edge)}</span>
            </button>
          </li>
        ))}
      </ul>
      {edges.length > MAX_LINES ? <p className="muted small">and {edges.length - MAX_LINES} more; press t for the table</p> : null}
    </section>
  );
}
