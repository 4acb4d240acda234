import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import type { AlertSettings } from '../../../shared/model/alert.ts';
import { api } from '../../api/client.ts';
import { ThresholdFields } from '../../editors/ThresholdFields.tsx';
import { readThresholds, type TypedThresholds } from '../../editors/thresholds.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { QueryState } from '../../ui/StateBlocks.tsx';

/** From when on something counts as an alert, in this workspace; the limits of the footprint are those that a host's page tells its figures against. */
export function ThresholdsCard() {
  const settings = useQuery(api.alerts.settings.queryOptions({ input: {} }));
  return (
    <section className="card" aria-label="Thresholds of alerts">
      <div className="card-head">
        <h2 className="grow">Thresholds of alerts</h2>
        <span className="muted small">for everybody who opens it; changes are audited</span>
      </div>
      <QueryState query={settings} what="thresholds">
        {(stored) => <ThresholdsForm key={JSON.stringify(stored)} stored={stored} />}
      </QueryState>
    </section>
  );
}

function ThresholdsForm({ stored }: { readonly stored: AlertSettings }) {
  const [typed, setTyped] = useState<TypedThresholds>({});
  const save = useMutation(api.alerts.setSettings.mutationOptions());
  const { settings, errors } = readThresholds(typed, stored);
  const isSame = settings !== null && JSON.stringify(settings) === JSON.stringify(stored);
  return (
    <Form
      className="card-body stack"
      validationBehavior="aria"
      onSubmit={(event) => {
        event.preventDefault();
        if (settings !== null && !isSame) save.mutate(settings);
      }}
    >
      <ThresholdFields stored={stored} typed={typed} errors={errors} onType={(name, text) => setTyped((current) => ({ ...current, [name]: text }))} />
      <p className="small muted">Footprints are held against new limits at once: what passes them becomes an alert, what does not any more settles. Rates and silence are judged when hosts report next.</p>
      <div className="row">
        <Button type="submit" isDisabled={settings === null || isSame || save.isPending}>
          Save thresholds
        </Button>
      </div>
      {save.error === null ? null : <ErrorNote error={save.error} />}
    </Form>
  );
}
