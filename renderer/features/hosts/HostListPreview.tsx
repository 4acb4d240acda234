import type { HostImportResult } from '../../../shared/contract/host-imports.ts';
import { countText } from '../../../shared/text/amount-text.ts';
import { printLabels } from '../../../shared/text/label-text.ts';

/** More rows nobody reads in a dialog; the counts are of all. */
const SHOWN = 50;
const count = (amount: number): string => amount.toLocaleString('en');

/** What would come of each row of a list of hosts: added, there already, or refused with its line and why. */
export function HostListPreview({ result: { rows, added, known, refused, labelColumns, ignoredColumns } }: { readonly result: HostImportResult }) {
  return (
    <section className="stack" aria-label="What the list holds">
      <p>
        {countText(rows, 'row')}: {count(added.length)} to add, {count(known.length)} there already, which {known.length === 1 ? 'stays as it is' : 'stay as they are'}, {count(refused.length)} refused.
        {labelColumns.length === 0 ? '' : ` Labels from the columns ${labelColumns.join(', ')}.`}
        {ignoredColumns.length === 0 ? '' : ` Left out, because no label can be called that: ${ignoredColumns.join(', ')}.`}
      </p>
      {refused.length === 0 ? null : (
        <table className="plain-table" aria-label="Refused rows">
          <thead>
            <tr>
              <th scope="col" className="number">
                Line
              </th>
              <th scope="col">Name</th>
              <th scope="col">Refused because</th>
            </tr>
          </thead>
          <tbody>
            {refused.slice(0, SHOWN).map(({ line, name, reason }) => (
              <tr key={line}>
                <td className="number">{line}</td>
                <td className="inert">{name}</td>
                <td className="inert">{reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {added.length === 0 ? null : (
        <table className="plain-table" aria-label="Hosts to add">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Kind</th>
              <th scope="col">Addresses</th>
              <th scope="col">Labels</th>
            </tr>
          </thead>
          <tbody>
            {added.slice(0, SHOWN).map(({ name, managed, addresses, labels }) => (
              <tr key={name}>
                <td>{name}</td>
                <td>{managed ? 'over SSH' : 'unmanaged'}</td>
                <td className="mono">{addresses.join(' ')}</td>
                <td className="mono">{printLabels(labels)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {Math.max(added.length, refused.length) > SHOWN ? <p className="muted small">The first {SHOWN} of each are shown.</p> : null}
    </section>
  );
}
