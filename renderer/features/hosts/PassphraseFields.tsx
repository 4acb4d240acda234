import type { KeyFileView } from '../../../shared/contract/logins.ts';
import { TextInput } from '../../ui/TextInput.tsx';
import type { Passphrases } from './locked-keys.ts';

type Props = { readonly keys: readonly KeyFileView[]; readonly passphrases: Passphrases; readonly onChange: (passphrases: Passphrases) => void };

/** One field a key file, however many hosts log in with it. */
export function PassphraseFields({ keys, passphrases, onChange }: Props) {
  return keys.map(({ keyPath, hosts }) => (
    <TextInput
      key={keyPath}
      label={`Passphrase of ${keyPath}`}
      type="password"
      value={passphrases[keyPath] ?? ''}
      onChange={(text) => onChange({ ...passphrases, [keyPath]: text })}
      note={`${hosts.length === 1 ? hosts[0] : `${hosts.length} hosts`} ${hosts.length === 1 ? 'logs' : 'log'} in with this key file.`}
    />
  ));
}
