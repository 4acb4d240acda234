import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ExportPreview, PolicyCarried, SiteView } from '../../../shared/contract/bundles.ts';
import { api } from '../../api/client.ts';
import { FileChooser } from '../../editors/FileChooser.tsx';
import { Button } from '../../ui/Button.tsx';
import { Check } from '../../ui/Check.tsx';
import { FormModal } from '../../ui/FormModal.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { Modal } from '../../ui/Modal.tsx';
import { ModeBadge } from '../../ui/ModeBadge.tsx';
import { Note } from '../../ui/Note.tsx';
import { QueryState } from '../../ui/StateBlocks.tsx';
import { TextInput } from '../../ui/TextInput.tsx';
import { Warnings } from '../../ui/Warnings.tsx';
import { carriedLine } from './outcome-text.ts';
import { OutcomeList } from './OutcomeList.tsx';

const TITLE = 'Export policy to a stick';
type Props = { readonly sites: readonly SiteView[]; /** Chosen at first; undefined: every one that can be. */ readonly host: string | undefined; readonly onClose: () => void };

/** Signed rules of the draft for hosts that are reached by stick: told before they are made what each would get, or why it gets none. */
export function ExportPolicyDialog({ sites, host, onClose }: Props) {
  const names = sites.filter(({ isOverSsh }) => !isOverSsh).map((site) => site.host);
  const [unwanted, setUnwanted] = useState<ReadonlySet<string>>(() => new Set(host === undefined ? [] : names.filter((name) => name !== host)));
  const [form, setForm] = useState({ folder: '', note: '' });
  const preview = useQuery({ ...api.bundles.previewExport.queryOptions({ input: { hosts: names } }), gcTime: 0, enabled: names.length > 0 });
  const carry = useMutation(api.bundles.exportPolicy.mutationOptions());
  if (carry.data !== undefined) return <Carried carried={carry.data} onClose={onClose} />;
  const chosen = (preview.data?.hosts ?? []).flatMap((one) => (one.ok && !unwanted.has(one.host) ? [one.host] : []));
  const isBroken = (preview.data?.broken.length ?? 0) > 0;
  return (
    <FormModal
      title={TITLE}
      wide
      submitText={chosen.length === 0 ? 'Export' : `Export for ${chosen.length} ${chosen.length === 1 ? 'host' : 'hosts'}`}
      isBusy={carry.isPending}
      isDisabled={chosen.length === 0 || isBroken || form.folder.trim() === ''}
      error={carry.error}
      onClose={onClose}
      onSubmit={() => carry.mutate({ hosts: chosen, note: form.note, folder: form.folder.trim() })}
    >
      <p className="muted">The draft becomes a version, and its rules are signed for each host. A host takes them only at its own keyboard, and takes them back unless somebody types confirm there.</p>
      {names.length === 0 ? (
        <Note kind="warning" title="No host is reached by stick yet: import a bundle first." />
      ) : (
        <QueryState query={preview} what="what would be exported">
          {(told) => (
            <PreviewTable
              preview={told}
              unwanted={unwanted}
              onToggle={(name, isWanted) => setUnwanted((current) => new Set(isWanted ? [...current].filter((one) => one !== name) : [...current, name]))}
            />
          )}
        </QueryState>
      )}
      <TextInput label="Why, for the version" value={form.note} onChange={(note) => setForm({ ...form, note })} />
      <FileChooser files="any" wants="folder" label="Folder of the stick" placeholder="/media/usb/firebreak" value={form.folder} onChange={(folder) => setForm({ ...form, folder })} />
    </FormModal>
  );
}

type PreviewProps = { readonly preview: ExportPreview; readonly unwanted: ReadonlySet<string>; readonly onToggle: (name: string, isWanted: boolean) => void };

function PreviewTable({ preview: { broken, hosts }, unwanted, onToggle }: PreviewProps) {
  return (
    <>
      {broken.length === 0 ? null : <Note kind="error" title={`Nothing can be exported while policy tests are broken: ${broken.join('; ')}.`} />}
      <table className="plain-table" aria-label="What each host would get">
        <thead>
          <tr>
            <th scope="col">Host</th>
            <th scope="col">Zone</th>
            <th scope="col">Mode</th>
            <th scope="col">Against the last export</th>
          </tr>
        </thead>
        <tbody>
          {hosts.map((one) => (
            <tr key={one.host}>
              <td>
                {one.ok ? (
                  <Check isSelected={!unwanted.has(one.host)} onChange={(isWanted) => onToggle(one.host, isWanted)}>
                    {one.host}
                  </Check>
                ) : (
                  one.host
                )}
              </td>
              {one.ok ? (
                <>
                  <td>{one.zone ?? <span className="muted">none</span>}</td>
                  <td>
                    <ModeBadge mode={one.mode} />
                  </td>
                  <td>
                    {one.isCarried ? 'the same rules' : 'other rules, or the first'}
                    {one.warnings.map((warning) => (
                      <p key={warning} className="small muted inert">
                        {warning}.
                      </p>
                    ))}
                  </td>
                </>
              ) : (
                <td colSpan={3}>
                  <Mark meaning="blocked" text="Not possible" />
                  <p className="small inert">{one.reason}.</p>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function Carried({ carried: { version, folder, isStick, hosts }, onClose }: { readonly carried: PolicyCarried; readonly onClose: () => void }) {
  return (
    <Modal title={TITLE} onClose={onClose} wide>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (axe scrollable-region-focusable) */}
      <div className="modal-body" role="region" aria-label="What is on the stick" tabIndex={0}>
        <Note kind="good" title={`Version ${version} is on the stick for ${hosts.length} ${hosts.length === 1 ? 'host' : 'hosts'}: ${folder}/policy.`}>
          <p>
            On each host, as root: <code>sh firebreak-apply</code>. Bring the stick back, and import its receipts.
          </p>
        </Note>
        <Warnings texts={isStick ? [] : [`There is no firebreak-apply in ${folder}: carry its folder “policy” on a stick that was made here.`]} />
        <OutcomeList label="What was signed" lines={hosts.map(carriedLine)} />
      </div>
      <div className="modal-foot">
        <Button kind="primary" onPress={onClose}>
          Close
        </Button>
      </div>
    </Modal>
  );
}
