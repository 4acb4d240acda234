import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import type { WorkspaceSettings } from '../../../shared/contract/workspace-settings.ts';
import { MAX_PAUSE_SECONDS } from '../../../shared/model/waves.ts';
import { formatWaves, parseWaves } from '../../../shared/text/waves-text.ts';
import { api } from '../../api/client.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { TextInput } from '../../ui/TextInput.tsx';
import { Setting } from './Setting.tsx';

/** In which portions a push goes out, and how long it waits between two. */
export function WavesSetting({ stored }: { readonly stored: WorkspaceSettings }) {
  const [text, setText] = useState(formatWaves(stored.waves));
  const [pauseText, setPauseText] = useState(String(stored.wavePauseSeconds));
  const save = useMutation(api.workspace.saveSettings.mutationOptions());
  const waves = parseWaves(text);
  const pause = /^\d+$/.test(pauseText) && Number(pauseText) <= MAX_PAUSE_SECONDS ? Number(pauseText) : null;
  const isSame = waves.ok && formatWaves(waves.value) === formatWaves(stored.waves) && pause === stored.wavePauseSeconds;
  return (
    <Setting
      name="Waves"
      note="How many hosts of a push go together, the rest at the end: 1, 10% is one host, then a tenth, then the others; all is everybody at once. A wave begins once every host of the one before has confirmed. Rollbacks and containments never wait."
    >
      <Form
        className="row"
        onSubmit={(event) => {
          event.preventDefault();
          if (waves.ok && pause !== null && !isSame) save.mutate({ ...stored, waves: waves.value, wavePauseSeconds: pause });
        }}
      >
        <TextInput label="Waves of a push" value={text} onChange={setText} error={waves.ok ? null : (waves.issues[0]?.message ?? null)} />
        <TextInput label="Wait between waves (seconds)" value={pauseText} onChange={setPauseText} error={pause === null ? `write whole seconds from 0 to ${MAX_PAUSE_SECONDS}` : null} />
        <Button type="submit" isDisabled={!waves.ok || pause === null || isSame || save.isPending}>
          Save waves
        </Button>
      </Form>
      {save.error === null ? null : <ErrorNote error={save.error} />}
    </Setting>
  );
}
