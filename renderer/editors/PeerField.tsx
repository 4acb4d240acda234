import { parsePeer } from '../../shared/text/peer-text.ts';
import { TextInput } from '../ui/TextInput.tsx';
import { MatchNote } from './MatchNote.tsx';

type PeerFieldProps = {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error: string | null;
  readonly autoFocus?: boolean;
};

/** One end of a rule as text, with what it matches now. */
export function PeerField({ label, value, onChange, error, autoFocus = false }: PeerFieldProps) {
  const peer = parsePeer(value);
  const forms = 'role=web,app=shop · zone:NAME · host:NAME · iplist:NAME · 10.0.0.0/8 · any';
  return (
    <TextInput
      label={label}
      value={value}
      onChange={onChange}
      error={error}
      mono
      autoFocus={autoFocus}
      isRequired
      placeholder="role=web,app=shop"
      note={peer.ok ? <MatchNote peer={peer.value} /> : forms}
    />
  );
}
