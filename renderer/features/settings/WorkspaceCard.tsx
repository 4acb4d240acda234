import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { MAX_CONFIRM_SECONDS, MIN_CONFIRM_SECONDS, type WorkspaceSettings } from '../../../shared/contract/workspace-settings.ts';
import { api } from '../../api/client.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { QueryState } from '../../ui/StateBlocks.tsx';
import { TextInput } from '../../ui/TextInput.tsx';
import { formatWaves } from '../../../shared/text/waves-text.ts';
import { AwaySetting } from './AwaySetting.tsx';
import { CollectSetting } from './CollectSetting.tsx';
import { KeepFlowsSetting } from './KeepFlowsSetting.tsx';
import { MaintenanceSetting } from './MaintenanceSetting.tsx';
import { Setting } from './Setting.tsx';
import { WavesSetting } from './WavesSetting.tsx';

/** What holds in this workspace, whoever opens it; changes are in the audit log. */
export function WorkspaceCard() {
  const settings = useQuery(api.workspace.settings.queryOptions({ input: {} }));
  return (
    <section className="card" aria-label="This workspace">
      <div className="card-head">
        <h2 className="grow">This workspace</h2>
        <span className="muted small">for everybody who opens it; changes are audited</span>
      </div>
      <QueryState query={settings} what="settings">
        {(stored) => (
          <>
            <ConfirmWindow key={`confirm ${stored.confirmWithinSeconds}`} stored={stored} />
            <WavesSetting key={`waves ${formatWaves(stored.waves)} ${stored.wavePauseSeconds}`} stored={stored} />
            <AwaySetting stored={stored} />
            <CollectSetting stored={stored} />
            <KeepFlowsSetting stored={stored} />
            <MaintenanceSetting stored={stored} />
          </>
        )}
      </QueryState>
    </section>
  );
}

function ConfirmWindow({ stored }: { readonly stored: WorkspaceSettings }) {
  const [text, setText] = useState(String(stored.confirmWithinSeconds));
  const save = useMutation(api.workspace.saveSettings.mutationOptions());
  const seconds = Number(text);
  const isGood = Number.isInteger(seconds) && seconds >= MIN_CONFIRM_SECONDS && seconds <= MAX_CONFIRM_SECONDS;
  const isSame = isGood && seconds === stored.confirmWithinSeconds;
  return (
    <Setting
      name="Confirm window"
      note="With how many seconds a push or a rollback begins, here and on the command line; each can say otherwise. A host that is not confirmed within goes back to its former rules by itself."
    >
      <Form
        className="row"
        onSubmit={(event) => {
          event.preventDefault();
          if (isGood && !isSame) save.mutate({ ...stored, confirmWithinSeconds: seconds });
        }}
      >
        <TextInput label="Confirm within (seconds)" value={text} onChange={setText} error={isGood ? null : `write whole seconds from ${MIN_CONFIRM_SECONDS} to ${MAX_CONFIRM_SECONDS}`} />
        <Button type="submit" isDisabled={!isGood || isSame || save.isPending}>
          Save
        </Button>
      </Form>
      {save.error === null ? null : <ErrorNote error={save.error} />}
    </Setting>
  );
}
