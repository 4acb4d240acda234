import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { machineText } from '../../../shared/text/machine-text.ts';
import { api } from '../../api/client.ts';
import { Check } from '../../ui/Check.tsx';
import { FormModal } from '../../ui/FormModal.tsx';
import { Note } from '../../ui/Note.tsx';
import { QueryState } from '../../ui/StateBlocks.tsx';
import { FingerprintBlock } from './FingerprintBlock.tsx';
import { hostCommands } from './host-commands.ts';

type Props = { readonly name: string; readonly offersInstall: boolean; readonly onClose: () => void };

/** Shows the key that the host presents, asks the person to compare it, and pins it. No login is tried before that. */
export function TrustKeyDialog({ name, offersInstall, onClose }: Props) {
  const [wasCompared, setCompared] = useState(false);
  const [installs, setInstalls] = useState(offersInstall);
  const key = useQuery({ ...api.hosts.showKey.queryOptions({ input: { name } }), gcTime: 0, staleTime: 0 });
  const finish = () => {
    onClose();
    if (installs) void hostCommands.install([name]);
  };
  const trust = useMutation(api.hosts.trust.mutationOptions({ onSuccess: finish }));
  const presented = key.data?.presented;
  const pinned = key.data?.pinned ?? [];
  const isPinned = pinned.some((each) => each.fingerprint === presented?.fingerprint);
  const verdict = key.data?.verdict;
  const otherMachine = key.data?.otherMachine ?? null;
  const isRevoked = verdict === 'revoked';
  const isChanged = (pinned.length > 0 && !isPinned) || verdict === 'not-as-listed';
  const isSettled = isPinned && otherMachine === null;
  return (
    <FormModal
      title={`Host key of ${name}`}
      submitText={isSettled ? 'Already trusted' : isPinned ? 'Accept this machine' : isChanged ? (pinned.length > 0 ? 'Replace the pinned key' : 'Trust this key all the same') : 'Trust this key'}
      isDanger={isChanged || otherMachine !== null}
      isDisabled={presented === undefined || isSettled || isRevoked || !wasCompared}
      isBusy={trust.isPending}
      error={trust.error}
      onClose={onClose}
      onSubmit={() => presented === undefined || trust.mutate({ name, key: presented, replace: isChanged || otherMachine !== null })}
    >
      <QueryState query={key} what={`the key of ${name}; nothing but the key is asked for`}>
        {(data) => (
          <>
            {isRevoked ? <Note kind="error" title={`${data.source ?? 'A list'} marks this key as revoked: somebody has it who should not. It is never trusted; make the host a new one there.`} /> : null}
            {verdict === 'not-as-listed' ? <Note kind="error" title={`This is NOT the key that ${data.source ?? 'a list'} has of it. Somebody may be in between, the host was reinstalled, or the list is old. Trust it only after comparing on the host itself.`} /> : null}
            {verdict === 'listed' ? <Note kind="good" title={`It is the key that ${data.source ?? 'a list'} has of it.`} /> : null}
            {isChanged && pinned.length > 0 ? (
              <Note
                kind="error"
                title="This is NOT the key that was pinned. Somebody may be in between, or the host was reinstalled. Replace it only after comparing on the host itself."
              />
            ) : null}
            {otherMachine === null ? null : (
              <Note
                kind="error"
                title={`Another machine answers there than before: machine id ${machineText(otherMachine.now)}, before ${machineText(otherMachine.former)}. Accept it only if ${name} was made anew, or was given another machine id.`}
              />
            )}
            <FingerprintBlock title="The host presents" hostKey={data.presented} />
            {isChanged ? data.pinned.map((each) => <FingerprintBlock key={each.fingerprint} title="Pinned before" hostKey={each} />) : null}
            <div>
              <p className="muted">Compare it on the host’s own console:</p>
              <pre className="code-line">ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub</pre>
            </div>
            {isPinned && !isRevoked ? <Note kind="good" title="It is the key that is pinned." /> : null}
            {isRevoked || isSettled ? null : (
              <Check isSelected={wasCompared} onChange={setCompared}>
                I compared the fingerprint on the host, and it is the same.
              </Check>
            )}
            {isSettled || !offersInstall ? null : (
              <Check isSelected={installs} onChange={setInstalls}>
                Then install the agent. It observes and blocks nothing.
              </Check>
            )}
          </>
        )}
      </QueryState>
    </FormModal>
  );
}
