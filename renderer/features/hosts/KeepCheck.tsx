import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.ts';
import { Check } from '../../ui/Check.tsx';

type Props = { readonly isKept: boolean; readonly onChange: (isKept: boolean) => void };

/** Whether what is typed outlives this session: off unless somebody says so, and not offered where there is no keychain. */
export function KeepCheck({ isKept, onChange }: Props) {
  const keychain = useQuery(api.logins.keychain.queryOptions({ input: {} }));
  if (keychain.data === undefined) return null;
  if (keychain.data.whyNot !== null) return <p className="small muted">It is held in memory until Firebreak ends, never stored and never logged. {keychain.data.whyNot}</p>;
  return (
    <>
      <Check isSelected={isKept} onChange={onChange}>
        Keep in this computer’s keychain
      </Check>
      <p className="small muted">{isKept ? 'Encrypted by this computer for you alone, outside of the workspace file. Settings list what is kept, and forget it.' : 'Without this it is held in memory until Firebreak ends, never stored and never logged.'}</p>
    </>
  );
}
