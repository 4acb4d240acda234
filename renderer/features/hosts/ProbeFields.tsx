import { useState } from 'react';
import type { FoundHost, ProbeAnswer, ProbeResult } from '../../../shared/contract/host-imports.ts';
import { HostName } from '../../../shared/model/names.ts';
import { countText } from '../../../shared/text/amount-text.ts';
import { nameOfAddress } from '../../../shared/text/name-of-address.ts';
import { client } from '../../api/client.ts';
import { type StreamRun, useStream } from '../../api/use-stream.ts';
import { Button } from '../../ui/Button.tsx';
import { Check } from '../../ui/Check.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { TextInput } from '../../ui/TextInput.tsx';
import type { ImportFieldProps } from './import-form.ts';

/** More rows nobody goes through by hand. */
const SHOWN = 200;

/** A network that is asked for SSH when somebody says so, and what of its answers is picked. */
export function ProbeFields({ form, set }: ImportFieldProps) {
  const [port, setPort] = useState('22');
  const { run, start, stop } = useStream<ProbeResult>();
  const isRunning = run.state === 'running';
  const ask = () => {
    set({ found: [] });
    void start((signal) => client.hosts.probe({ network: form.network.trim(), port: Number(port) }, { signal }));
  };
  return (
    <>
      <p className="muted">Each address is asked for SSH and hung up on; nothing is sent to it. At most 4096 addresses at a time (IPv4 /20, IPv6 /116).</p>
      <div className="field-pair">
        <TextInput label="Network" value={form.network} onChange={(network) => set({ network })} mono placeholder="10.20.0.0/24" />
        <TextInput label="Port" value={port} onChange={setPort} type="number" />
      </div>
      <TextInput label="Log in as" value={form.user} onChange={(user) => set({ user })} mono placeholder="root" />
      <div className="row">
        <Button isDisabled={isRunning || form.network.trim() === '' || !/^\d{1,5}$/.test(port)} onPress={ask}>
          Ask for SSH
        </Button>
        {isRunning ? <Button onPress={stop}>Cancel the asking</Button> : null}
      </div>
      <Asked run={run} found={form.found} onFound={(found) => set({ found })} />
    </>
  );
}

type AskedProps = { readonly run: StreamRun<ProbeResult>; readonly found: readonly FoundHost[]; readonly onFound: (found: readonly FoundHost[]) => void };

function Asked({ run, found, onFound }: AskedProps) {
  switch (run.state) {
    case 'idle':
      return null;
    case 'running':
      return (
        <>
          <ProgressBar label="Asking for SSH" done={run.done} total={run.total} />
          <p className="small muted" role="status">{`${run.done} of ${run.total} addresses: ${run.text}`}</p>
        </>
      );
    case 'stopped':
      return <p role="status">Cancelled; nothing was stored.</p>;
    case 'failed':
      return <ErrorNote error={run.error} />;
    case 'done':
      return <Answers result={run.result} found={found} onFound={onFound} />;
  }
}

function Answers({ result: { asked, answers, silent, closed, other }, found, onFound }: { readonly result: ProbeResult } & Pick<AskedProps, 'found' | 'onFound'>) {
  const named = new Map(found.map((one) => [one.address, one]));
  const pick = ({ address, port }: ProbeAnswer, isPicked: boolean) => onFound(isPicked ? [...found, { address, port, name: nameOfAddress(address) }] : found.filter((one) => one.address !== address));
  const rename = (address: string, name: string) => onFound(found.map((one) => (one.address === address ? { ...one, name } : one)));
  return (
    <section className="stack" aria-label="What answered">
      <p role="status">{`${countText(asked, 'address')} asked: ${answers.length} with SSH, ${silent} silent, ${closed} refuse, ${other} with something else.`}</p>
      {answers.length === 0 ? null : (
        <table className="plain-table" aria-label="Addresses with SSH">
          <thead>
            <tr>
              <th scope="col">Address</th>
              <th scope="col">Says of itself</th>
              <th scope="col">Name</th>
            </tr>
          </thead>
          <tbody>
            {answers.slice(0, SHOWN).map((answer) => (
              <tr key={answer.address}>
                <td className="mono">
                  {answer.knownAs === null ? (
                    <Check isSelected={named.has(answer.address)} onChange={(isPicked) => pick(answer, isPicked)}>
                      {answer.address}
                    </Check>
                  ) : (
                    answer.address
                  )}
                </td>
                <td className="mono inert">{answer.banner}</td>
                <td>{answer.knownAs === null ? <NameCell found={named.get(answer.address)} onName={rename} /> : `is ${answer.knownAs}`}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {answers.length > SHOWN ? <p className="muted small">The first {SHOWN} are shown; ask for a smaller network to see the others.</p> : null}
    </section>
  );
}

function NameCell({ found, onName }: { readonly found: FoundHost | undefined; readonly onName: (address: string, name: string) => void }) {
  if (found === undefined) return null;
  const wrong = HostName.safeParse(found.name).success ? null : 'letters, digits and . _ -';
  return <TextInput label={`Name of ${found.address}`} value={found.name} onChange={(name) => onName(found.address, name)} mono error={wrong} />;
}
