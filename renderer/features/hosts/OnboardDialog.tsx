import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ComparedKey } from '../../../shared/contract/contract-host-keys.ts';
import { MAX_LIST_CHARS } from '../../../shared/contract/host-imports.ts';
import type { HostView } from '../../../shared/contract/views.ts';
import { countText } from '../../../shared/text/amount-text.ts';
import { api, client } from '../../api/client.ts';
import { useStream } from '../../api/use-stream.ts';
import { Check } from '../../ui/Check.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { FormModal } from '../../ui/FormModal.tsx';
import { Note } from '../../ui/Note.tsx';
import { type OpenedFile, OpenFileButton } from '../../ui/OpenFileButton.tsx';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { ComparedKeys } from './ComparedKeys.tsx';
import { KeepCheck } from './KeepCheck.tsx';
import { findLockedFor, type Passphrases, unlockKeys } from './locked-keys.ts';
import { PassphraseFields } from './PassphraseFields.tsx';
import { PasswordFields } from './PasswordFields.tsx';
import { runOnboarding } from './onboard-run.ts';
import { EMPTY_PASSWORDS, findPasswordNeeds, givePasswords } from './password-hosts.ts';

type Props = { readonly hosts: readonly HostView[]; readonly onClose: () => void };

/** First the keys of these hosts, compared with what is pinned and what lists say; then, once the person has seen them, the onboarding itself. Nothing is pinned before that. */
export function OnboardDialog({ hosts, onClose }: Props) {
  const names = hosts.map(({ name }) => name);
  const compare = useStream<{ hosts: ComparedKey[] }>();
  const [wereCompared, setCompared] = useState(false);
  const [passwords, setPasswords] = useState(EMPTY_PASSWORDS);
  const needs = findPasswordNeeds(hosts);
  const keys = useQuery(api.logins.keys.queryOptions({ input: {} }));
  const locked = findLockedFor(keys.data ?? [], hosts);
  const [passphrases, setPassphrases] = useState<Passphrases>({});
  const [isKept, setKept] = useState(false);
  const queries = useQueryClient();
  const rows = compare.run.state === 'done' ? compare.run.result.hosts : null;
  const unlisted = (rows ?? []).flatMap(({ hostName, verdict, presented }) => (verdict === 'unlisted' && presented !== null ? [{ name: hostName, key: presented }] : []));
  const begin = useMutation({
    mutationFn: async () => {
      if (needs !== null) await givePasswords(needs, passwords, isKept);
      try {
        await unlockKeys(passphrases, isKept);
      } finally {
        // Those that were opened before one was not are not asked for again.
        await queries.invalidateQueries({ queryKey: api.logins.key() });
      }
      if (rows === null) {
        await compare.start((signal) => client.hostKeys.compare({ hosts: { kind: 'names', names }, pin: false }, { signal }));
        return false;
      }
      if (wereCompared && unlisted.length > 0) await client.hostKeys.pin({ keys: unlisted });
      return true;
    },
    onSuccess: (isReady) => {
      if (!isReady) return;
      onClose();
      void runOnboarding(names);
    },
  });
  return (
    <FormModal
      title={`Onboard ${names.length === 1 ? names[0] : `${names.length} hosts`}`}
      wide
      submitText={rows === null ? 'Compare keys' : `Onboard ${countText(names.length, 'host')}`}
      isBusy={begin.isPending}
      error={begin.error}
      onClose={onClose}
      onSubmit={() => begin.mutate()}
    >
      <p className="muted">First the hosts’ keys, which is all that is asked for now; then each is checked, gets the agent, and gives its first flows. The agent observes and blocks nothing. Hosts that are done are passed over.</p>
      <KeyListField onTaken={compare.again} />
      {needs === null ? null : <PasswordFields needs={needs} passwords={passwords} onChange={setPasswords} />}
      <PassphraseFields keys={locked} passphrases={passphrases} onChange={setPassphrases} />
      {needs === null && locked.length === 0 ? null : <KeepCheck isKept={isKept} onChange={setKept} />}
      {compare.run.state === 'running' ? <ProgressBar label="Comparing keys" done={compare.run.done} total={compare.run.total} /> : null}
      {compare.run.state === 'failed' ? <ErrorNote error={compare.run.error} /> : null}
      {rows === null ? null : <ComparedKeys rows={rows} />}
      {unlisted.length === 0 ? null : (
        <>
          <Check isSelected={wereCompared} onChange={setCompared}>
            {unlisted.length === 1 ? 'I compared the fingerprint that is in no list on its host, and it is the same.' : `I compared the ${unlisted.length} fingerprints that are in no list on their hosts, and they are the same.`}
          </Check>
          {wereCompared ? null : <Note kind="plain" title={`Without that, ${unlisted.length === 1 ? 'this host stays' : 'these hosts stay'} as ${unlisted.length === 1 ? 'it is' : 'they are'}; the others go on.`} />}
        </>
      )}
    </FormModal>
  );
}

/** What a list says counts from the next comparison on. */
function KeyListField({ onTaken }: { readonly onTaken: () => void }) {
  const take = useMutation({ mutationFn: ({ fileName, text }: OpenedFile) => client.hostKeys.importLists({ lists: [{ name: fileName, text }], dryRun: false }), onSuccess: onTaken });
  const { data: taken } = take;
  return (
    <section className="stack tight" aria-label="Expected keys">
      <p className="small muted">Have you a list of their keys? A known_hosts file, or lines NAME SHA256:…</p>
      <div>
        <OpenFileButton types={[]} maxBytes={MAX_LIST_CHARS} onOpen={take.mutate} />
      </div>
      {take.error === null ? null : <ErrorNote error={take.error} />}
      {taken === undefined ? null : (
        <Note kind={taken.hosts.length === 0 ? 'warning' : 'good'} title={`${countText(taken.lines, 'line')}: keys of ${countText(taken.hosts.length, 'host')} of this workspace, ${taken.elsewhere} for nobody here, ${taken.refused.length} refused.`}>
          {taken.refused.slice(0, 5).map(({ line, reason }) => (
            <p key={line} className="note-hint inert">
              Line {line}: {reason}
            </p>
          ))}
        </Note>
      )}
    </section>
  );
}
