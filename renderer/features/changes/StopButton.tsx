import { useMutation } from '@tanstack/react-query';
import { OctagonX } from 'lucide-react';
import type { Push } from '../../../shared/model/diff.ts';
import { api } from '../../api/client.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';

/** Hosts that were not begun are left as they are; pushing again goes on with them. */
export function StopButton({ push }: { readonly push: Push }) {
  const stop = useMutation(api.pushes.stop.mutationOptions());
  return (
    <>
      <Button kind="quiet" icon={OctagonX} isDisabled={stop.isPending || stop.isSuccess} onPress={() => stop.mutate({ id: push.id })}>
        {stop.isSuccess ? 'Stopping: hosts under way end …' : 'Stop before the next host'}
      </Button>
      {stop.error === null ? null : <ErrorNote error={stop.error} />}
    </>
  );
}
