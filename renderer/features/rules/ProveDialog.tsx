import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { Button } from '../../ui/Button.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { FormModal } from '../../ui/FormModal.tsx';
import { Modal } from '../../ui/Modal.tsx';
import { Note } from '../../ui/Note.tsx';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { QueryState } from '../../ui/StateBlocks.tsx';
import { TextInput } from '../../ui/TextInput.tsx';
import { TimeAgo } from '../../ui/TimeAgo.tsx';
import { ProofResult } from './ProofResult.tsx';
import { type ProofRun, useProof } from './use-proof.ts';

const TITLE = 'Prove what gets through';
const ALL = '';
const MAX_SAMPLE = 100;
const MAX_SEED = 0xffff_ffff;

type Form = { readonly zone: string; readonly sample: string; readonly seed: string };

/** Has hosts try what the pushed policy says: what of it is chosen, then its progress, then what follows. Below the form, the last one. */
export function ProveDialog({ zones, onClose }: { readonly zones: readonly string[]; readonly onClose: () => void }) {
  const { run, start, stop, again } = useProof();
  const [form, setForm] = useState<Form>({ zone: ALL, sample: '20', seed: '' });
  if (run.state === 'running') return <Running run={run} onStop={stop} onClose={onClose} />;
  if (run.state === 'done')
    return (
      <Modal title={TITLE} onClose={onClose} wide>
        <div className="modal-body">
          <ProofResult proof={run.result} />
        </div>
        <div className="modal-foot">
          <Button onPress={again}>Try more</Button>
          <Button kind="primary" onPress={onClose}>
            Close
          </Button>
        </div>
      </Modal>
    );
  const order = { zone: form.zone === ALL ? null : form.zone, sample: Number(form.sample), seed: form.seed === '' ? null : Number(form.seed) };
  return <OrderForm zones={zones} form={form} set={(fields) => setForm((now) => ({ ...now, ...fields }))} run={run} onSubmit={() => start(order)} onClose={onClose} />;
}

const wrongNumber = (text: string, most: number): string | null => (/^\d+$/.test(text) && Number(text) <= most ? null : `Write a whole number from 0 to ${most.toLocaleString('en')}.`);

type OrderProps = { readonly zones: readonly string[]; readonly form: Form; readonly set: (fields: Partial<Form>) => void; readonly run: ProofRun; readonly onSubmit: () => void; readonly onClose: () => void };

function OrderForm({ zones, form, set, run, onSubmit, onClose }: OrderProps) {
  const wrong = { sample: wrongNumber(form.sample, MAX_SAMPLE), seed: form.seed === '' ? null : wrongNumber(form.seed, MAX_SEED) };
  return (
    <FormModal title={TITLE} wide submitText="Try now" isDisabled={wrong.sample !== null || wrong.seed !== null} error={run.state === 'failed' ? run.error : null} onClose={onClose} onSubmit={onSubmit}>
      <p className="muted">
        Hosts open TCP connections to each other that the policy tests ask for, and some that the pushed rules allow or forbid, in IPv4 and IPv6. The kernels of both ends say whether each came and was let in. Nothing is sent over them, no rule is changed, and nothing stays on a host; services may log a connection
        that closes at once.
      </p>
      {run.state === 'stopped' ? <Note kind="plain" title="Stopped; nothing was stored." /> : null}
      <Choice label="Zone" value={form.zone} options={[{ value: ALL, text: 'All zones' }, ...zones.map((name) => ({ value: name, text: name }))]} onChange={(zone) => set({ zone })} />
      <div className="field-pair">
        <TextInput label="Sample" value={form.sample} onChange={(sample) => set({ sample })} error={wrong.sample} note="Pairs of hosts and ports, beside the policy tests" />
        <TextInput label="Seed" value={form.seed} onChange={(seed) => set({ seed })} error={wrong.seed} placeholder="another one each time" note="The same seed draws the same pairs" />
      </div>
      <LastProof />
    </FormModal>
  );
}

function LastProof() {
  const last = useQuery(api.reach.proof.queryOptions({ input: { id: null } }));
  return (
    <QueryState query={last} what="the last proof">
      {(proof) =>
        proof === null ? (
          <p className="muted">Nothing was tried yet.</p>
        ) : (
          <>
            <h3>
              The last one, <TimeAgo atMs={proof.endedAtMs} />
            </h3>
            <ProofResult proof={proof} />
          </>
        )
      }
    </QueryState>
  );
}

type RunningProps = { readonly run: Extract<ProofRun, { state: 'running' }>; readonly onStop: () => void; readonly onClose: () => void };

function Running({ run: { text, done, total }, onStop, onClose }: RunningProps) {
  return (
    <Modal title={TITLE} onClose={onClose} wide>
      <div className="modal-body">
        <ProgressBar label={TITLE} done={done} total={total} />
        <p className="small muted" role="status">
          {total === 0 ? text : `${done} of ${total} done, ${text}`}
        </p>
        <p className="muted">It is stored as a whole at the end. Stopping, or closing this, stores nothing.</p>
      </div>
      <div className="modal-foot">
        <Button onPress={onStop}>Stop</Button>
      </div>
    </Modal>
  );
}
