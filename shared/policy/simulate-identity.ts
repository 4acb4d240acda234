import type { Identity } from '../model/identity.ts';

/** Who sends a packet from the host that it leaves; null or left out where that is not known. */
export type Sender = { readonly user?: string | null; readonly group?: string | null };

export type Match = 'yes' | 'no' | 'unknown';

/** Whether the sender is the one that a rule is about. A number cannot be compared with a name without asking the host. */
export function matchIdentity(identity: Identity | null, sender: Sender): Match {
  if (!identity) return 'yes';
  const actual = sender[identity.kind] ?? null;
  if (actual === null) return 'unknown';
  if (actual === identity.name) return 'yes';
  return isNumber(actual) !== isNumber(identity.name) ? 'unknown' : 'no';
}

const isNumber = (text: string): boolean => /^\d+$/.test(text);
