import type { HostView } from '../../../shared/contract/views.ts';
import type { SudoMode } from '../../../shared/model/host.ts';
import type { Labels } from '../../../shared/model/label.ts';
import { HostName } from '../../../shared/model/names.ts';
import { parseLabels } from '../../../shared/text/label-text.ts';
import { parsePeer } from '../../../shared/text/peer-text.ts';
import { issueText } from '../../editors/typed-text.ts';
import { parseSshTarget } from './parse-ssh-target.ts';

export type IdentityKind = 'agent' | 'key-file' | 'password';
export type AddHostForm = {
  readonly kind: 'managed' | 'unmanaged';
  readonly name: string;
  readonly target: string;
  readonly identity: IdentityKind;
  readonly keyPath: string;
  /** '' for the one beside the key, if any. */
  readonly certificatePath: string;
  readonly sudo: SudoMode;
  /** Host name, or '' for a direct connection. */
  readonly jump: string;
  readonly labels: string;
  readonly addresses: string;
  readonly note: string;
};
export const EMPTY_HOST_FORM: AddHostForm = {
  kind: 'managed',
  name: '',
  target: '',
  identity: 'agent',
  keyPath: '',
  certificatePath: '',
  sudo: 'nopasswd',
  jump: '',
  labels: '',
  addresses: '',
  note: '',
};

type FieldErrors = { readonly [Field in 'name' | 'target' | 'keyPath' | 'labels' | 'addresses']: string | null };
type NewHost = { name: string; ssh: HostView['ssh']; addresses: string[]; labels: Labels; note: string };
type Reading = { readonly host: NewHost | null; readonly errors: FieldErrors };

/** The host that the form says, or what is wrong with each field and what to write instead. `host` is null while anything is. */
export function readHostForm(form: AddHostForm, known: readonly HostView[]): Reading {
  const isManaged = form.kind === 'managed';
  const target = parseSshTarget(form.target);
  const labels = parseLabels(form.labels);
  const addresses = form.addresses.split(/[\s,]+/).filter((address) => address !== '');
  const errors: FieldErrors = {
    name: nameError(form.name, known),
    target: isManaged ? issueText(target) : null,
    keyPath:
      isManaged && form.identity === 'key-file' && form.keyPath.trim() === '' ? 'write the path of a private key file, for instance ~/.ssh/id_ed25519' : null,
    labels: issueText(labels),
    addresses: addressesError(addresses, isManaged),
  };
  if (Object.values(errors).some((error) => error !== null) || !labels.ok) return { host: null, errors };
  const common = { name: form.name, addresses, labels: labels.value, note: form.note.trim() };
  if (!isManaged || !target.ok) return { host: { ...common, ssh: null }, errors };
  const identity = form.identity === 'key-file' ? { kind: 'key-file' as const, keyPath: form.keyPath.trim(), ...(form.certificatePath.trim() === '' ? {} : { certificatePath: form.certificatePath.trim() }) } : { kind: form.identity };
  return { host: { ...common, ssh: { ...target.value, identity, sudo: form.sudo, jump: form.jump === '' ? null : form.jump } }, errors };
}

function nameError(name: string, known: readonly HostView[]): string | null {
  const parsed = HostName.safeParse(name);
  if (name === '') return 'give the host a name, for instance web-1';
  if (!parsed.success) return parsed.error.issues[0]?.message ?? 'not a host name';
  return known.some((host) => host.name === name) ? `there is already a host “${name}”; choose another name` : null;
}

function addressesError(addresses: readonly string[], isManaged: boolean): string | null {
  if (addresses.length === 0) return isManaged ? null : 'an unmanaged host needs at least one address, for instance 10.0.9.20';
  const messages = addresses.map((address) => {
    const peer = parsePeer(address);
    if (!peer.ok || peer.value.kind !== 'cidr') return peer.ok ? `“${address}” is not an address` : issueText(peer);
    return address.includes('/') ? `“${address}” is a network; write single addresses` : null;
  });
  const wrong = messages.filter((message) => message !== null);
  return wrong.length === 0 ? null : wrong.join('\n');
}
