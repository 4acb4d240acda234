import type { HostView } from '../../../shared/contract/views.ts';

/** Three words at most, so that the narrowest column has them whole; the sentence is beside them. */
const FAILED: Readonly<Record<string, string>> = {
  HOST_UNREACHABLE: 'Unreachable',
  HOST_TIMEOUT: 'No answer',
  HOST_DISCONNECTED: 'Cut off',
  HOST_KEY_UNKNOWN: 'Key not trusted',
  HOST_KEY_CHANGED: 'Key changed',
  HOST_KEY_NOT_AS_LISTED: 'Other key listed',
  HOST_KEY_REVOKED: 'Key revoked',
  HOST_REBUILT: 'Other machine',
  SSH_AUTH_FAILED: 'Login refused',
  SSH_KEY_UNREADABLE: 'Key unreadable',
  SSH_PASSWORD_NEEDED: 'Needs password',
  SSH_LIMIT_REACHED: 'Sessions used up',
  SUDO_REFUSED: 'sudo refused',
  SUDO_PASSWORD_NEEDED: 'Needs password',
  AGENT_MISSING: 'No agent',
  AGENT_NOT_OURS: 'Foreign agent',
  AGENT_OTHER_KEY: 'Other signer',
  AGENT_FAILED: 'Agent failed',
  HOST_UNSUPPORTED: 'Unsupported',
  NFT_MISSING: 'No nftables',
};

const WARNED: Readonly<Record<string, string>> = {
  REBUILT: 'Other machine',
  MACHINES_ALTERNATE: 'Two machines',
  CLONE: 'Clone',
  CLONED_AGENT: 'Cloned agent',
  AGENT_GONE: 'Agent gone',
  ADDRESS_REUSED: 'Address moved',
  ADDRESS_CHANGED: 'New addresses',
  UNSIGNED_BUNDLE: 'Unsigned',
  BYPASS: 'Bypass',
  TIMER_OFF: 'Timers off',
  BOOT_UNIT_OFF: 'Boot unit off',
  UNRESOLVED_NAMES: 'Unknown names',
  NAMES_DRIFTED: 'Names changed',
  FOOTPRINT_CPU: 'CPU over limit',
  FOOTPRINT_LATENCY: 'Slow connects',
  FOOTPRINT_STORED: 'Disk over limit',
};

export type Problem = { readonly isFailure: boolean; readonly short: string; readonly sentence: string; readonly all: string };

/** The last failure, else the worst warning and how many there are; null where nothing is wrong. Pure. */
export function problemOf({ name, lastError, warnings }: Pick<HostView, 'name' | 'lastError' | 'warnings'>): Problem | null {
  if (lastError !== null) {
    return { isFailure: true, short: FAILED[lastError.code] ?? 'Failed', sentence: lastError.title.replace(`${name}: `, ''), all: `${lastError.title}\n${lastError.hint}` };
  }
  const [first, ...more] = warnings;
  if (first === undefined) return null;
  const short = WARNED[first.code] ?? 'Warning';
  return { isFailure: false, short: more.length === 0 ? short : `${short} +${more.length}`, sentence: first.text, all: warnings.map(({ text }) => text).join('\n') };
}
