import type { ForwardView } from '../../../shared/contract/forwards.ts';
import { type ForwardDestination, type ForwardFormat, type ForwardKind, ForwardKind as Kinds, ForwardName } from '../../../shared/model/forward.ts';
import { parseForwardTarget } from '../../../shared/text/forward-target-text.ts';

/** As it is typed; an empty field is left out. */
export type ForwardForm = { readonly name: string; readonly target: string; readonly caPath: string; readonly keyPath: string; readonly format: ForwardFormat; readonly kinds: readonly ForwardKind[] };
type Field = 'name' | 'target' | 'caPath' | 'keyPath' | 'kinds';
export type ReadForward = { readonly destination: ForwardDestination | null; readonly errors: Partial<Record<Field, string>> };

export const emptyForwardForm: ForwardForm = { name: '', target: '', caPath: '', keyPath: '', format: 'ocsf', kinds: Kinds.options };

export const KIND_TEXTS: Record<ForwardKind, string> = {
  alert: 'Alerts, as they open and settle',
  audit: 'Entries of the audit log',
  flow: 'Blocked and would-be-blocked connections',
  push: 'Pushes, as they begin and end',
};

const given = (text: string): string | undefined => (text.trim() === '' ? undefined : text.trim());

/** The destination, or what is wrong with which field. Pure. */
export function readForwardForm({ name, target, caPath, keyPath, format, kinds }: ForwardForm, taken: readonly Pick<ForwardView, 'name'>[]): ReadForward {
  const errors: ReadForward['errors'] = {};
  const readName = ForwardName.safeParse(name.trim());
  if (!readName.success) errors.name = readName.error.issues[0]?.message ?? 'is no name';
  else if (taken.some((each) => each.name === readName.data)) errors.name = `there is already a destination “${readName.data}”`;
  // A file of authorities is only shown, and so only given, where the kind takes one.
  const readTarget = parseForwardTarget(target, { caPath: takesCa(target) ? given(caPath) : undefined, keyPath: takesKey(target) ? given(keyPath) : undefined });
  if (!readTarget.ok) for (const { path, message } of readTarget.issues) errors[path === 'caPath' || path === 'keyPath' ? path : 'target'] ??= message;
  if (kinds.length === 0) errors.kinds = 'choose at least one';
  if (!readName.success || !readTarget.ok || Object.keys(errors).length > 0) return { destination: null, errors };
  return { destination: { name: readName.data, target: readTarget.value, format, kinds: [...kinds] }, errors };
}

export const takesCa = (target: string): boolean => /^\s*(tls|https):\/\//.test(target);
export const takesKey = (target: string): boolean => /^\s*https:\/\//.test(target);
