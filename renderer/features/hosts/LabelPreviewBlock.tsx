import type { LabelPreview } from '../../../shared/contract/label-rules.ts';
import { printLabelChange } from '../../../shared/labels/preview-labels.ts';
import { countText } from '../../../shared/text/amount-text.ts';
import { ModeBadge } from '../../ui/ModeBadge.tsx';
import { Note } from '../../ui/Note.tsx';

const SHOWN = 50;

/** What an edit of label rules would do: counts, then zones, then host by host. */
export function LabelPreviewBlock({ preview }: { readonly preview: LabelPreview }) {
  const byHost = [...Map.groupBy(preview.changes, ({ host }) => host)];
  const moveOf = new Map(preview.moves.map((move) => [move.host, `${move.from ?? 'no zone'} → ${move.to ?? 'no zone'}`]));
  const closed = preview.zones.filter(({ mode, joins }) => mode === 'enforce' && joins > 0);
  return (
    <section className="stack" aria-label="Preview">
      <h3>{byHost.length === 0 ? 'No label changes' : `${countText(byHost.length, 'host')} would change labels, ${preview.moves.length} would move to another zone`}</h3>
      {preview.zones.length === 0 ? null : (
        <ul className="stack tight small" aria-label="Zones">
          {preview.zones.map(({ zone, mode, joins, leaves }) => (
            <li key={zone} className="row">
              <span className="strong">{zone}</span>
              <ModeBadge mode={mode} />
              <span className="muted">
                {countText(joins, 'host')} would join, {leaves} would leave
              </span>
            </li>
          ))}
        </ul>
      )}
      {closed.length === 0 ? null : <Note kind="warning" title={`${closed.map(({ zone }) => zone).join(', ')}: enforced. What joins is closed by the next push.`} />}
      {preview.notes.map((note) => (
        <Note key={note} kind="plain">
          <span className="inert">{note}</span>
        </Note>
      ))}
      {byHost.length === 0 ? null : (
        <table className="plain-table inert">
          <thead>
            <tr>
              <th scope="col">Host</th>
              <th scope="col">Labels</th>
              <th scope="col">Zone</th>
            </tr>
          </thead>
          <tbody>
            {byHost.slice(0, SHOWN).map(([host, changes]) => (
              <tr key={host}>
                <td>{host}</td>
                <td className="mono">{changes.map(printLabelChange).join('  ')}</td>
                <td>{moveOf.get(host) ?? <span className="muted">stays</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {byHost.length > SHOWN ? <p className="small muted">and {byHost.length - SHOWN} more; all of them: firebreak label-rule preview</p> : null}
    </section>
  );
}
