import type { Identity, UnitName } from '../model/identity.ts';

/** Who sends a packet on the host that it leaves, and which unit listens on the one that it enters; null or left out where that is not known. */
export type Sender = {
  readonly user?: string | null;
  readonly group?: string | null;
  readonly unit?: string | null;
  readonly listener?: string | null;
  /** It only passes through the host, in its name: into a published container port, or out of a container. No process of the host's own sends or receives it. */
  readonly isForwarded?: boolean;
};

export type Match = 'yes' | 'no' | 'unknown';

/** Whether the sender is the one that a rule is about. A number cannot be compared with a name without asking the host. */
export function matchIdentity(identity: Identity | null, sender: Sender): Match {
  if (!identity) return 'yes';
  if (sender.isForwarded) return 'no';
  const actual = sender[identity.kind] ?? null;
  if (actual === null) return 'unknown';
  if (actual === identity.name) return 'yes';
  // What was recorded may be the slice around the unit, or a unit that was gone before its name was read.
  if (identity.kind === 'unit') return actual.endsWith('.service') ? 'no' : 'unknown';
  return isNumber(actual) !== isNumber(identity.name) ? 'unknown' : 'no';
}

/** The same for the unit that listens. */
export const matchListener = (unit: UnitName | null, { listener, isForwarded }: Sender): Match =>
  matchIdentity(unit === null ? null : { kind: 'unit', name: unit }, { unit: listener ?? null, isForwarded: isForwarded ?? false });

const isNumber = (text: string): boolean => /^\d+$/.test(text);
