import type { HostWarning } from '../../shared/contract/views.ts';
import type { HostId } from '../../shared/model/ids.ts';
import { parseAddress } from '../../shared/net/address.ts';
import { machineText } from '../../shared/text/machine-text.ts';
import { timeText } from '../../shared/text/time-text.ts';
import type { StoredAddressTime } from '../db/host-address-store.ts';
import { type IdentityBook, isRebuilt, machinesOf } from './identity-book.ts';

/** What was once is news for a week; what is, as long as it is. */
const NEWS_MS = 7 * 86_400_000;
const MAX_NAMED = 3;

/** What is not certain about which machine a managed host is, and whose its addresses are; worst first. Pure. */
export function listIdentityWarnings(book: IdentityBook, host: HostId, nowMs: number): HostWarning[] {
  return [...aboutMachine(book, host, nowMs), ...aboutClones(book, host), ...aboutAgents(book, host), ...aboutReuse(book, host, nowMs), ...aboutChange(book, host, nowMs)];
}

function aboutMachine(book: IdentityBook, host: HostId, nowMs: number): HostWarning[] {
  const { current, waiting } = machinesOf(book, host);
  if (current === undefined || waiting === undefined) return [];
  const ids = `machine id ${machineText(waiting.machineId)}, before ${machineText(current.machineId)}`;
  if (isRebuilt(book, host)) {
    const accept = `firebreak host trust ${nameOf(book, host)} --replace, then firebreak agent install ${nameOf(book, host)}`;
    return [{ code: 'REBUILT', text: `Another machine answers there since ${timeText(waiting.firstSeenAtMs)} (${ids}). Nothing is taken from it and nothing is sent to it. If it was made anew: ${accept}.` }];
  }
  if (nowMs - waiting.lastSeenAtMs > NEWS_MS) return [];
  return [{ code: 'MACHINES_ALTERNATE', text: `Another machine answered there at ${timeText(waiting.lastSeenAtMs)} (${ids}), and its own does again: two machines may have its address. Nothing was taken from the other.` }];
}

function aboutClones(book: IdentityBook, host: HostId): HostWarning[] {
  const machineId = machinesOf(book, host).current?.machineId ?? '';
  const others = (book.clones.get(machineId) ?? []).filter((id) => id !== host);
  if (others.length === 0) return [];
  const text = `It has the machine id of ${namesOf(book, others)} (${machineText(machineId)}): one is a clone of the other. Give the clone an id of its own (there: rm -f /etc/machine-id /var/lib/dbus/machine-id && systemd-machine-id-setup, then restart it), and say so: firebreak host trust CLONE --replace.`;
  return [{ code: 'CLONE', text }];
}

function aboutAgents(book: IdentityBook, host: HostId): HostWarning[] {
  const owner = book.foreignAgents.get(host);
  const copies = [...book.foreignAgents].filter(([, of]) => of === host).map(([where]) => where);
  return [
    ...when(owner !== undefined, 'CLONED_AGENT', `The agent there is that of ${nameOf(book, owner ?? host)}: its disk is a copy of that host’s. Nothing is pushed to it until it has one of its own: firebreak agent install ${nameOf(book, host)} --replace.`),
    ...when(copies.length > 0, 'CLONED_AGENT', `Its agent also answers on ${namesOf(book, copies)}, whose disk is a copy of this host’s. Nothing is pushed there.`),
    ...when(book.withoutAgent.has(host), 'AGENT_GONE', `It had an agent, and now it has none: somebody removed it, or the machine was made anew. Nothing is pushed to it until: firebreak agent install ${nameOf(book, host)}.`),
  ];
}

/** Where two hosts have an address for good (a virtual one), both report it again and again: that is the plan's to tell, and not this. */
function aboutReuse(book: IdentityBook, host: HostId, nowMs: number): HostWarning[] {
  return (book.addressesOf.get(host) ?? []).flatMap((own) =>
    (book.meetings.get(own.address) ?? []).flatMap((other): HostWarning[] => {
      if (other.host === host) return [];
      const [former, later] = own.firstSeenAtMs <= other.firstSeenAtMs ? [own, other] : [other, own];
      if (later.leftAtMs !== null || former.lastSeenAtMs >= later.firstSeenAtMs || (former.leftAtMs !== null && nowMs - later.firstSeenAtMs > NEWS_MS)) return [];
      return [{ code: 'ADDRESS_REUSED', text: describeReuse(book, { host, former, later }) }];
    }),
  );
}

function describeReuse(book: IdentityBook, { host, former, later }: { host: HostId; former: StoredAddressTime; later: StoredAddressTime }): string {
  const [had, has] = [former, later].map((one) => (one.host === host ? 'this host' : nameOf(book, one.host)));
  const [since, until] = [timeText(later.firstSeenAtMs), timeText(former.lastSeenAtMs)];
  const moved = `${later.address} went from one host to another: ${had} reported it until ${until}, ${has} does since ${since}`;
  if (former.leftAtMs !== null) return `${moved}. Rules follow with the next push.`;
  const name = nameOf(book, former.host);
  return `${moved}, and ${had} was not read since. Until then it stands for neither in rules. If ${had} still lives: firebreak collect ${name}; if not: firebreak host remove ${name}.`;
}

function aboutChange(book: IdentityBook, host: HostId, nowMs: number): HostWarning[] {
  const all = book.addressesOf.get(host) ?? [];
  const has = all.filter(({ leftAtMs }) => leftAtMs === null);
  const gone = all.filter(({ address, leftAtMs }) => leftAtMs !== null && nowMs - leftAtMs <= NEWS_MS && !isTemporary(address, has));
  if (gone.length === 0) return [];
  const sinceMs = Math.min(...gone.map(({ leftAtMs }) => leftAtMs ?? nowMs));
  const come = has.filter(({ firstSeenAtMs }) => firstSeenAtMs >= sinceMs);
  const left = gone.map(({ address, lastSeenAtMs, leftAtMs }) => `${address} (last reported ${timeText(lastSeenAtMs)}, gone by ${timeText(leftAtMs ?? nowMs)})`);
  const added = come.length === 0 ? '' : `; new: ${cut(come.map(({ address, firstSeenAtMs }) => `${address} (since ${timeText(firstSeenAtMs)})`))}`;
  return [{ code: 'ADDRESS_CHANGED', text: `Its addresses changed: without ${cut(left)}${added}. Rules follow with the next push.` }];
}

/** Hosts with privacy addresses (RFC 8981) change one a day beside one that stays: no news. */
function isTemporary(address: string, has: readonly StoredAddressTime[]): boolean {
  const network = networkOf(address);
  return network !== null && has.some((other) => networkOf(other.address) === network);
}

/** The /64 of an IPv6 address. */
function networkOf(address: string): bigint | null {
  const parsed = parseAddress(address);
  return parsed.ok && parsed.value.family === 6 ? parsed.value.value >> 64n : null;
}

const nameOf = (book: IdentityBook, host: HostId): string => book.names.get(host) ?? host;
const namesOf = (book: IdentityBook, hosts: readonly HostId[]): string => cut(hosts.map((host) => nameOf(book, host)).toSorted());
const cut = (texts: readonly string[]): string => texts.slice(0, MAX_NAMED).join(', ') + (texts.length > MAX_NAMED ? ` and ${texts.length - MAX_NAMED} more` : '');
const when = (holds: boolean, code: string, text: string): HostWarning[] => (holds ? [{ code, text }] : []);
