import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { KeptLogin, SecretKind } from '../../../shared/contract/logins.ts';
import { api } from '../../api/client.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { QueryState } from '../../ui/StateBlocks.tsx';
import { TimeAgo } from '../../ui/TimeAgo.tsx';

const KIND: Readonly<Record<SecretKind, string>> = { 'ssh-password': 'SSH password', 'sudo-password': 'sudo password', 'key-passphrase': 'Passphrase' };

/** What outlives the session: nothing, unless somebody had it kept. Never shows a secret; the page does not get any. */
export function KeychainCard() {
  const keychain = useQuery(api.logins.keychain.queryOptions({ input: {} }));
  return (
    <section className="card" aria-label="Kept logins">
      <div className="card-head">
        <h2 className="grow">Kept logins</h2>
      </div>
      <div className="card-body stack tight">
        <QueryState query={keychain} what="kept logins">
          {({ whyNot, kept }) => (
            <>
              <p className="muted">{whyNot ?? 'Passwords and passphrases are asked for in each session, unless you had them kept in this computer’s keychain when you gave them.'}</p>
              {kept.length === 0 ? <p>Nothing is kept.</p> : <KeptTable kept={kept} />}
            </>
          )}
        </QueryState>
      </div>
    </section>
  );
}

function KeptTable({ kept }: { readonly kept: readonly KeptLogin[] }) {
  const queries = useQueryClient();
  const forget = useMutation(api.logins.forget.mutationOptions({ onSuccess: (view) => queries.setQueryData(api.logins.keychain.queryKey({ input: {} }), view) }));
  return (
    <>
      <table className="plain-table" aria-label="Kept logins">
        <thead>
          <tr>
            <th>What</th>
            <th>For</th>
            <th>Since</th>
            <th>
              <span className="visually-hidden">Forget</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {kept.map(({ id, kind, subject, login, isOfThisWorkspace, problem, keptAtMs }) => (
            <tr key={id}>
              <td>{KIND[kind]}</td>
              <td>
                <span className="mono">{subject}</span>
                {login === null ? null : <span className="small muted"> {login}</span>}
                {isOfThisWorkspace ? null : <p className="small muted">Of another workspace.</p>}
                {problem === null ? null : <p className="small">Not used: {problem}.</p>}
              </td>
              <td>
                <TimeAgo atMs={keptAtMs} />
              </td>
              <td>
                <Button small isDisabled={forget.isPending} onPress={() => forget.mutate({ id })} aria-label={`Forget the ${KIND[kind]} of ${subject}`}>
                  Forget
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="small muted">What is forgotten stays in this session, and is asked for in the next.</p>
      {forget.error === null ? null : <ErrorNote error={forget.error} />}
    </>
  );
}
