import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { FormModal } from '../../ui/FormModal.tsx';
import { QueryState } from '../../ui/StateBlocks.tsx';
import { KeepCheck } from './KeepCheck.tsx';
import { findLocked, type Passphrases, unlockKeys } from './locked-keys.ts';
import { PassphraseFields } from './PassphraseFields.tsx';

/** Asks for the passphrases of key files, once for each. The keys are opened on this machine; no host hears of it. */
export function UnlockKeysDialog({ onClose }: { readonly onClose: () => void }) {
  const keys = useQuery(api.logins.keys.queryOptions({ input: {} }));
  const [passphrases, setPassphrases] = useState<Passphrases>({});
  const [isKept, setKept] = useState(false);
  const queries = useQueryClient();
  const unlock = useMutation({
    mutationFn: () => unlockKeys(passphrases, isKept),
    // Whether or not all were right: those that were are open now, and their fields go.
    onSettled: () => queries.invalidateQueries({ queryKey: api.logins.key() }),
    onSuccess: onClose,
  });
  const locked = findLocked(keys.data ?? []);
  return (
    <FormModal
      title="Unlock keys"
      submitText={isKept ? 'Unlock and keep' : 'Unlock for this session'}
      isDisabled={locked.every(({ keyPath }) => (passphrases[keyPath] ?? '') === '')}
      isBusy={unlock.isPending}
      error={unlock.error}
      onClose={onClose}
      onSubmit={() => unlock.mutate()}
    >
      <QueryState query={keys} what="key files">
        {() =>
          locked.length === 0 ? (
            <p className="muted">No key file waits for a passphrase: those of this workspace have none, or are open already.</p>
          ) : (
            <>
              <PassphraseFields keys={locked} passphrases={passphrases} onChange={setPassphrases} />
              <KeepCheck isKept={isKept} onChange={setKept} />
            </>
          )
        }
      </QueryState>
    </FormModal>
  );
}
