import type { HostImportResult, HostSource } from '../../../shared/contract/host-imports.ts';
import { countText } from '../../../shared/text/amount-text.ts';
import { printLabels } from '../../../shared/text/label-text.ts';
import { Check } from '../../ui/Check.tsx';

/** More rows nobody reads in a dialog; the counts are of all. */
const SHOWN = 50;
const count = (amount: number): string => amount.toLocaleString('en');
const ROWS: Readonly<Record<HostSource['kind'], string>> = { csv: 'row', 'ssh-config': 'host', ansible: 'host', probe: 'address' };

type Props = { readonly kind: HostSource['kind']; readonly result: HostImportResult; readonly update: boolean; readonly left: ReadonlySet<string>; readonly onLeave: (left: ReadonlySet<string>) => void };

/** What would come of each host of a source: added, changed, there already, or refused with its line and why. Those that would be taken can be left out one by one. */
export function HostListPreview({ kind, result, update, left, onLeave }: Props) {
  const { rows, added, changed, known, refused, notes, columns } = result;
  const labels = columns.flatMap(({ meaning }) => (meaning.startsWith('label:') ? [meaning.slice(6)] : []));
  const ignored = columns.filter((column) => column.ignored).map(({ head }) => head);
  const toggle = (name: string, isTaken: boolean) => onLeave(isTaken ? new Set([...left].filter((one) => one !== name)) : new Set([...left, name]));
  return (
    <section className="stack" aria-label="What the list holds">
      <p>
        {countText(rows, ROWS[kind])}: {count(added.length)} to add, {changedText(changed.length, update)}
        {known.length === 0 && changed.length > 0 ? '' : `${count(known.length)} there already, `}
        {count(refused.length)} refused.
        {labels.length === 0 ? '' : ` Labels from the columns ${labels.join(', ')}.`}
        {ignored.length === 0 ? '' : ` Left out, because no label can be called that or it holds secrets: ${ignored.join(', ')}.`}
      </p>
      {notes.slice(0, SHOWN).map((note) => (
        <p key={note} className="muted small inert">
          {note}
        </p>
      ))}
      {refused.length === 0 ? null : <RefusedTable refused={refused} />}
      {changed.length === 0 ? null : <ChangedTable changed={changed} update={update} left={left} onToggle={toggle} />}
      {added.length === 0 ? null : <AddedTable added={added} left={left} onToggle={toggle} />}
      {Math.max(added.length, changed.length, refused.length) > SHOWN ? <p className="muted small">The first {SHOWN} of each are shown.</p> : null}
    </section>
  );
}

function changedText(changed: number, update: boolean): string {
  if (changed === 0) return '';
  return update ? `${count(changed)} to change, ` : `${count(changed)} there already that ${changed === 1 ? 'differs and stays as it is' : 'differ and stay as they are'}, `;
}

function RefusedTable({ refused }: { readonly refused: HostImportResult['refused'] }) {
  return (
    <table className="plain-table" aria-label="Refused rows">
      <thead>
        <tr>
          <th scope="col">Line</th>
          <th scope="col">Name</th>
          <th scope="col">Refused because</th>
        </tr>
      </thead>
      <tbody>
        {refused.slice(0, SHOWN).map(({ file, line, name, reason }) => (
          <tr key={`${file ?? ''}:${line}:${name}:${reason}`}>
            <td className="number" title={file ?? ''}>
              {line === 0 ? '' : `${file === null ? '' : `${file.split('/').at(-1) ?? ''}:`}${line}`}
            </td>
            <td className="inert">{name}</td>
            <td className="inert">{reason}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

type Taking = { readonly left: ReadonlySet<string>; readonly onToggle: (name: string, isTaken: boolean) => void };

function ChangedTable({ changed, update, left, onToggle }: { readonly changed: HostImportResult['changed']; readonly update: boolean } & Taking) {
  return (
    <table className="plain-table" aria-label={update ? 'Hosts to change' : 'Hosts that differ'}>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">{update ? 'Changes' : 'Differs in'}</th>
        </tr>
      </thead>
      <tbody>
        {changed.slice(0, SHOWN).map(({ name, changes, notes }) => (
          <tr key={name}>
            <td>{update ? <TakeCheck name={name} left={left} onToggle={onToggle} /> : name}</td>
            <td className="inert">
              {changes.map(({ what, from, to }) => `${what}: ${from === '' ? 'none' : from} → ${to === '' ? 'none' : to}`).join('; ')}
              <Notes notes={notes} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function AddedTable({ added, left, onToggle }: { readonly added: HostImportResult['added'] } & Taking) {
  return (
    <table className="plain-table" aria-label="Hosts to add">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Way in</th>
          <th scope="col">Addresses</th>
          <th scope="col">Labels</th>
        </tr>
      </thead>
      <tbody>
        {added.slice(0, SHOWN).map(({ name, way, addresses, labels, notes }) => (
          <tr key={name}>
            <td>
              <TakeCheck name={name} left={left} onToggle={onToggle} />
            </td>
            <td className="inert">
              <span className={way === null ? '' : 'mono'}>{way ?? 'unmanaged'}</span>
              <Notes notes={notes} />
            </td>
            <td className="mono">{addresses.join(' ')}</td>
            <td className="mono">{printLabels(labels)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function TakeCheck({ name, left, onToggle }: { readonly name: string } & Taking) {
  return (
    <Check isSelected={!left.has(name)} onChange={(isTaken) => onToggle(name, isTaken)}>
      {name}
    </Check>
  );
}

function Notes({ notes }: { readonly notes: readonly string[] }) {
  return notes.map((note) => (
    <p key={note} className="muted small inert">
      {note}
    </p>
  ));
}
