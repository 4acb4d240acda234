import type { AgentPosture } from '../contract/agent-replies.ts';
import { type Posture, POSTURE_FACTS, POSTURE_PREFIX, type PostureFact, type PosturePart } from '../model/posture.ts';
import { countText } from './amount-text.ts';
import { timeText } from './time-text.ts';

export const POSTURE_TITLES: Readonly<Record<PostureFact, string>> = { 'secure-boot': 'Secure Boot', disk: 'Disk encryption', updates: 'Security updates', edr: 'Endpoint security' };

/** What falls short; `unknown` does not, and is not good either. */
const SHORT: Readonly<Record<PostureFact, string>> = { 'secure-boot': 'off', disk: 'plain', updates: 'pending', edr: 'absent' };
export const isShort = (fact: PostureFact, value: string): boolean => SHORT[fact] === value;
export const isKnownGood = (fact: PostureFact, value: string): boolean => value !== 'unknown' && !isShort(fact, value);
export const listShort = (posture: Posture): PostureFact[] => POSTURE_FACTS.filter((fact) => isShort(fact, posture[fact]));

/** `posture.edr=absent`. */
export const printPostureLabel = (fact: PostureFact, value: string): string => `${POSTURE_PREFIX}${fact}=${value}`;

/** `posture.edr=absent since 2029-01-02 03:04 UTC`. */
export const printPosturePart = ({ fact, value, sinceMs }: PosturePart): string => `${printPostureLabel(fact, value)}${sinceMs === null ? '' : ` since ${timeText(sinceMs)}`}`;

/** What stands behind a part, as the host said it; empty where it said nothing. The times of package lists are the host's own clock. */
export function describePosture(fact: PostureFact, said: AgentPosture | undefined): string {
  if (said === undefined) return 'the agent there does not tell; upgrade it';
  switch (fact) {
    case 'secure-boot':
      return said.secureBoot === null ? 'it has no EFI variables that could be read' : '';
    case 'disk':
      return said.diskEncryption.length === 0 ? 'its mounts could not be read' : said.diskEncryption.map(({ mount, encrypted }) => `${mount} ${encrypted === null ? 'not known' : encrypted ? 'on dm-crypt' : 'not on dm-crypt'}`).join(', ');
    case 'updates':
      return describeUpdates(said);
    case 'edr':
      return (said.edr ?? []).join(', ');
  }
}

function describeUpdates({ securityUpdates, updateListsAt, rebootRequired }: AgentPosture): string {
  const lists = updateListsAt === null ? 'it has no package lists of a security suite' : `by package lists of ${timeText(updateListsAt * 1000)}`;
  const pending = securityUpdates === null ? lists : `${countText(securityUpdates, 'pending update')} ${lists}`;
  return rebootRequired === true ? `${pending}; it waits for a reboot` : pending;
}
