import type { FlowImportResult, ImportedConversation } from '../../../shared/contract/flow-imports.ts';
import { confidenceOf, DIRECTION_BASIS_WORDS, DirectionBasis, IMPORT_FORMAT_WORDS, type LeftOut } from '../../../shared/model/flow-source.ts';
import { bytesText, countText } from '../../../shared/text/amount-text.ts';
import { Note } from '../../ui/Note.tsx';
import { TimeAgo } from '../../ui/TimeAgo.tsx';

const count = (amount: number): string => amount.toLocaleString('en');

/** What an import came to: whether it is stored, its figures, what was left out and why, how directions are known, and the busiest conversations. */
export function ImportResult({ result, isDryRun }: { readonly result: FlowImportResult; readonly isDryRun: boolean }) {
  const { name, figures, ends, top } = result;
  return (
    <section className="stack" aria-label="What the log holds">
      <Outcome result={result} isDryRun={isDryRun} />
      <dl className="facts">
        <dt>File</dt>
        <dd className="inert">
          {name}, {IMPORT_FORMAT_WORDS[figures.format]}, {bytesText(figures.bytes)}
        </dd>
        <dt>Rows</dt>
        <dd>
          {count(figures.read)} read, {count(figures.taken)} taken, {count(figures.read - figures.taken)} left out
        </dd>
        <dt>Flows</dt>
        <dd>
          {count(figures.flows)} with {countText(figures.connections, 'connection')}
          {figures.firstSeenAtMs === null ? null : (
            <>
              , from <TimeAgo atMs={figures.firstSeenAtMs} /> to <TimeAgo atMs={figures.lastSeenAtMs} />
            </>
          )}
        </dd>
        <dt>Ends</dt>
        <dd>
          {count(ends.both)} between hosts of this workspace, {count(ends.one)} with one, {count(ends.none)} with none
        </dd>
      </dl>
      {figures.caveat === '' ? null : <Note kind="plain">{figures.caveat}.</Note>}
      <LeftOutTable rows={figures.leftOut} />
      {figures.flows === 0 ? null : <BasisTable basis={figures.basis} />}
      {top.length === 0 ? null : <TopTable rows={top} />}
    </section>
  );
}

function Outcome({ result: { source, known, figures }, isDryRun }: { readonly result: FlowImportResult; readonly isDryRun: boolean }) {
  if (known !== null) return <Note kind="warning" title={`Nothing was stored. This file was imported before, as source ${known.id}; it would be refused.`} />;
  if (source !== null) return <Note kind="good" title={`Stored as source ${source.id}. It can be taken out again, with all of its flows, where logs are imported.`} />;
  if (figures.flows === 0) return <Note kind="warning" title="Nothing was stored: no row is a flow. Choose the format, if it is another than was told from the file." />;
  return <Note kind="plain" title={isDryRun ? 'Only read: nothing was stored.' : 'Nothing was stored.'} />;
}

function LeftOutTable({ rows }: { readonly rows: readonly LeftOut[] }) {
  if (rows.length === 0) return null;
  return (
    <table className="plain-table" aria-label="Rows that were left out">
      <thead>
        <tr>
          <th scope="col" className="number">
            Rows
          </th>
          <th scope="col">Left out</th>
          <th scope="col">Because</th>
          <th scope="col">First of them</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ kind, reason, rows: amount, examples }) => (
          <tr key={`${kind} ${reason}`}>
            <td className="number">{count(amount)}</td>
            <td>{kind}</td>
            <td className="inert">{reason}</td>
            <td className="mono small inert">{examples.slice(0, 1).map(({ line, text }) => `line ${line}${kind === 'refused' && text !== '' ? `: ${text}` : ''}`)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function BasisTable({ basis }: { readonly basis: FlowImportResult['figures']['basis'] }) {
  return (
    <table className="plain-table" aria-label="How it is known who opened">
      <thead>
        <tr>
          <th scope="col" className="number">
            Flows
          </th>
          <th scope="col">Who opened</th>
          <th scope="col">Because</th>
        </tr>
      </thead>
      <tbody>
        {DirectionBasis.options
          .filter((one) => basis[one] > 0)
          .map((one) => (
            <tr key={one}>
              <td className="number">{count(basis[one])}</td>
              <td>{confidenceOf(one)}</td>
              <td>{DIRECTION_BASIS_WORDS[one]}</td>
            </tr>
          ))}
      </tbody>
    </table>
  );
}

function TopTable({ rows }: { readonly rows: readonly ImportedConversation[] }) {
  return (
    <table className="plain-table" aria-label="Busiest conversations">
      <thead>
        <tr>
          <th scope="col">From</th>
          <th scope="col">To</th>
          <th scope="col">Service</th>
          <th scope="col" className="number">
            Conns
          </th>
          <th scope="col">Verdict</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((one) => (
          <tr key={`${one.from} ${one.to} ${one.protocol} ${one.port} ${one.verdict}`}>
            <td className="inert">{one.from}</td>
            <td className="inert">{one.to}</td>
            <td className="mono">{one.port === 0 ? one.protocol : `${one.protocol}/${one.port}`}</td>
            <td className="number">{count(one.connections)}</td>
            <td>{one.verdict}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
