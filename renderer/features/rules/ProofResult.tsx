import { useMutation } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import type { ProofRow, ProofView } from '../../../shared/contract/reach-proofs.ts';
import { type Conclusion, CONCLUSION_WORDS } from '../../../shared/reach-proof/conclude-try.ts';
import { client } from '../../api/client.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { Mark, type Meaning } from '../../ui/Mark.tsx';
import { Note } from '../../ui/Note.tsx';
import { saveFile } from '../../ui/save-file.ts';

const MEANINGS: Readonly<Record<Conclusion, Meaning>> = { contradicts: 'blocked', 'not-proven': 'unknown', blocked: 'allowed', allowed: 'allowed' };
const ORDER: readonly Conclusion[] = ['contradicts', 'not-proven', 'blocked', 'allowed'];

/** What follows from a proof: its figures, then every connection, what is wrong first. */
export function ProofResult({ proof }: { readonly proof: ProofView }) {
  const save = useMutation({ mutationFn: () => client.reach.proofCsv({ id: proof.id }), onSuccess: ({ text }) => saveFile(`proof-${proof.id}.csv`, new Blob([text], { type: 'text/csv' })) });
  return (
    <section className="stack" aria-label="What follows">
      <div className="row spread">
        <div className="row" role="status">
          {ORDER.filter((one) => proof.figures[one] > 0).map((one) => (
            <Mark key={one} meaning={MEANINGS[one]} text={`${proof.figures[one]} ${CONCLUSION_WORDS[one]}`} />
          ))}
        </div>
        <Button small icon={Download} onPress={() => save.mutate()} isDisabled={save.isPending}>
          Save CSV
        </Button>
      </div>
      <p className="small muted">
        Proof {proof.id}, policy version {proof.version ?? 'none'}, {proof.zone === null ? 'all zones' : `zone ${proof.zone}`}, seed {proof.seed}, by {proof.by}. Tried as root in a session of SSH: rules for other users and units do not show.
      </p>
      {save.error === null ? null : <ErrorNote error={save.error} />}
      {proof.notes.map((text) => (
        <Note key={text} kind="warning">
          {text}
        </Note>
      ))}
      {proof.rows.length === 0 ? <p className="muted">There was nothing to try: no policy test, and no pair in the zones that somebody enforces.</p> : <TryTable rows={proof.rows} />}
    </section>
  );
}

function TryTable({ rows }: { readonly rows: readonly ProofRow[] }) {
  return (
    <table className="plain-table" aria-label="Connections that were tried">
      <thead>
        <tr>
          <th scope="col">Result</th>
          <th scope="col">From</th>
          <th scope="col">To</th>
          <th scope="col">Policy</th>
          <th scope="col">Why</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={`${row.test} ${row.source} ${row.destination} ${row.port} ${row.expect}`}>
            <td>
              <Mark meaning={MEANINGS[row.conclusion]} text={CONCLUSION_WORDS[row.conclusion]} />
            </td>
            <td>
              <End name={row.from} address={row.source} />
            </td>
            <td>
              <End name={row.to} address={row.port === 0 ? '' : `${row.destination.includes(':') ? `[${row.destination}]` : row.destination}:${row.port}`} />
            </td>
            <td title={row.test === '' ? 'drawn from what the rules say' : row.test}>
              {row.expect === 'allow' ? 'must reach' : 'must not'}
              <br />
              <span className="small muted">{row.test === '' ? 'sample' : 'test'}</span>
            </td>
            <td className="small inert">{row.cause}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const End = ({ name, address }: { readonly name: string; readonly address: string }) => (
  <>
    <span className="inert">{name === '' ? 'nobody' : name}</span>
    <br />
    <span className="mono small muted">{address}</span>
  </>
);
