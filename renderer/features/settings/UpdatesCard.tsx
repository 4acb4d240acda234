import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { type UpdateCheck, UpdateSource, type UpdateSourceView } from '../../../shared/contract/updates.ts';
import { api } from '../../api/client.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { QueryState } from '../../ui/StateBlocks.tsx';
import { TextInput } from '../../ui/TextInput.tsx';
import { Setting } from './Setting.tsx';

/** Whether there is a newer version. Off until a person says whom to ask; asks when the button is pressed, and never by itself. */
export function UpdatesCard() {
  const source = useQuery(api.updates.source.queryOptions({ input: {} }));
  return (
    <section className="card" aria-label="Updates">
      <div className="card-head">
        <h2 className="grow">Updates</h2>
      </div>
      <QueryState query={source} what="setting">
        {(view) => (view.source === null ? <TurnOn current={view.current} /> : <CheckNow view={view} source={view.source} />)}
      </QueryState>
    </section>
  );
}

function useSetSource() {
  const queries = useQueryClient();
  return useMutation(api.updates.setSource.mutationOptions({ onSuccess: (view) => queries.setQueryData(api.updates.source.queryKey({ input: {} }), view) }));
}

function TurnOn({ current }: { readonly current: string }) {
  const [url, setUrl] = useState('');
  const [publicKey, setPublicKey] = useState('');
  const [wasSubmitted, setSubmitted] = useState(false);
  const save = useSetSource();
  const parsed = UpdateSource.safeParse({ url: url.trim(), publicKey: publicKey.trim() });
  const errorOf = (field: 'url' | 'publicKey'): string | null => (wasSubmitted ? (parsed.error?.issues.find(({ path }) => path[0] === field)?.message ?? null) : null);
  return (
    <Setting name="Off" note={`This is Firebreak ${current}. You ask nobody for newer ones. Kept for you on this machine, in no workspace; nothing is fetched until you press a button, and then only the list of the release and its signature.`}>
      <Form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          setSubmitted(true);
          if (parsed.success) save.mutate({ source: parsed.data });
        }}
      >
        <TextInput label="Where releases are listed" value={url} onChange={setUrl} error={errorOf('url')} mono placeholder="https://downloads.example.org/firebreak/release.json" />
        <TextInput label="Key that signs them" value={publicKey} onChange={setPublicKey} error={errorOf('publicKey')} mono placeholder="ssh-ed25519 AAAA…" note="From whoever releases, over another way than that address." />
        <Button type="submit" isDisabled={save.isPending}>
          Turn on
        </Button>
      </Form>
      {save.error === null ? null : <ErrorNote error={save.error} />}
    </Setting>
  );
}

function CheckNow({ view, source }: { readonly view: UpdateSourceView; readonly source: NonNullable<UpdateSourceView['source']> }) {
  const check = useMutation(api.updates.check.mutationOptions());
  const save = useSetSource();
  return (
    <Setting
      name="On, when you ask"
      note={
        <>
          This is Firebreak {view.current}. You ask <code>{source.url}</code>; releases must be signed by <code>{source.fingerprint}</code>.
        </>
      }
    >
      <Button onPress={() => check.mutate({ path: null })} isDisabled={check.isPending}>
        {check.isPending ? 'Asking …' : 'Check now'}
      </Button>
      <Button onPress={() => save.mutate({ source: null })} isDisabled={save.isPending}>
        Turn off
      </Button>
      <div className="stack" role="status">
        {check.data === undefined ? null : <Answer check={check.data} />}
      </div>
      {(check.error ?? save.error) === null ? null : <ErrorNote error={check.error ?? save.error} />}
    </Setting>
  );
}

function Answer({ check: { verdict, release, current, signedBy } }: { readonly check: UpdateCheck }) {
  if (verdict !== 'newer') return <p>{verdict === 'same' ? `${current} is the newest, of ${release.releasedOn}.` : `The release there is ${release.version}, which is older than this one.`}</p>;
  return (
    <>
      <p>
        <strong>Firebreak {release.version}</strong> is there, of {release.releasedOn}. Signed by <code>{signedBy}</code>.
      </p>
      {release.notes === '' ? null : <p className="update-notes">{release.notes}</p>}
      <table className="plain-table inert" aria-label="Files of the release">
        <thead>
          <tr>
            <th>File</th>
            <th>SHA-256</th>
          </tr>
        </thead>
        <tbody>
          {release.files.map(({ name, sha256 }) => (
            <tr key={name}>
              <td className="mono">{name}</td>
              <td className="mono update-sum">{sha256}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="small muted">Fetch yours by hand, and compare its sum before you open it.</p>
    </>
  );
}
