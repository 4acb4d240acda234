import { useQuery } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { countText } from '../../../shared/text/amount-text.ts';
import { api } from '../../api/client.ts';
import { Button } from '../../ui/Button.tsx';
import { Note } from '../../ui/Note.tsx';
import { findLocked } from './locked-keys.ts';

/** Says which hosts cannot be reached before somebody gives a passphrase. Nothing while there are none. */
export function LockedKeysNote({ onUnlock }: { readonly onUnlock: () => void }) {
  const keys = useQuery(api.logins.keys.queryOptions({ input: {} }));
  const locked = findLocked(keys.data ?? []);
  const hosts = new Set(locked.flatMap((key) => key.hosts)).size;
  if (hosts === 0) return null;
  return (
    <Note kind="warning" title={`${countText(hosts, 'host')} cannot be reached before you unlock ${locked.length === 1 ? 'the key file' : `${locked.length} key files`}.`}>
      <p className="note-hint">{locked.length === 1 ? 'It has a passphrase, which is asked for once in each session.' : 'They have passphrases, which are asked for once in each session.'}</p>
      <div>
        <Button small icon={KeyRound} onPress={onUnlock}>
          Unlock keys …
        </Button>
      </div>
    </Note>
  );
}
