import type { HostId } from '../../shared/model/ids.ts';
import { parseAddress } from '../../shared/net/address.ts';
import { containsAddress } from '../../shared/net/range-set.ts';
import { listGoneAddresses } from '../../shared/policy/gone-addresses.ts';
import { machineText } from '../../shared/text/machine-text.ts';
import { timeText } from '../../shared/text/time-text.ts';
import type { StoredAddressTime } from '../db/host-address-store.ts';
import type { BackendContext } from './backend-context.ts';
import { type IdentityBook, readIdentities } from './identity-book.ts';
import type { PlanScope } from './plan-scope.ts';

const MAX_NAMED = 5;

/** What a plan says of hosts that are not certainly the machines that they were, and of addresses that leave rules because they left a host. Sentences without a full stop. */
export function listIdentityNotes(ctx: BackendContext, scope: PlanScope): string[] {
  const book = readIdentities(ctx);
  return [...describeRebuilt(scope), ...describeClones(book), ...describeForeignAgents(book), ...describeLeft(book, scope)];
}

function describeRebuilt({ rebuilt }: PlanScope): string[] {
  if (rebuilt.length === 0) return [];
  const [first] = rebuilt;
  return [`Another machine answers there than before, and so left out until somebody says that it is the host (firebreak host trust ${rebuilt.length === 1 ? (first?.name ?? '') : 'HOST'} --replace): ${cut(rebuilt.map(({ name }) => name))}`];
}

function describeClones({ clones, names }: IdentityBook): string[] {
  return [...clones].map(([machineId, hosts]) => `Clones of each other by their machine id (${machineText(machineId)}): ${cut(hosts.map((id) => names.get(id) ?? id).toSorted())}; each is sent its own rules, by its SSH address and the id that its agent was installed under`);
}

function describeForeignAgents({ foreignAgents, names }: IdentityBook): string[] {
  return [...foreignAgents].map(([where, owner]) => `The agent on ${names.get(where) ?? where} is that of ${names.get(owner) ?? owner}, whose disk was copied: it refuses what is not for that host, and a push that reaches it stops at its check`);
}

/** An address that left a host is in no rule of the draft; which hosts had it in theirs until now is what people must be told. */
function describeLeft(book: IdentityBook, scope: PlanScope): string[] {
  const left = [...book.addressesOf.values()].flat().filter(({ leftAtMs }) => leftAtMs !== null);
  if (left.length === 0) return [];
  const losers = findLosers(left, scope);
  return left.flatMap((time) => {
    const hosts = losers.get(time) ?? [];
    return hosts.length === 0 ? [] : [`${time.address} left ${book.names.get(time.host) ?? time.host} (last reported ${timeText(time.lastSeenAtMs)}), and so leaves the rules of ${cut(hosts)}${describeHeir(book, time)}`];
  });
}

function describeHeir({ meetings, names }: IdentityBook, { address, host }: StoredAddressTime): string {
  const heirs = (meetings.get(address) ?? []).filter((other) => other.host !== host && other.leftAtMs === null);
  return heirs.length === 0 ? '' : `; it is reported by ${cut(heirs.map((heir) => `${names.get(heir.host) ?? heir.host} since ${timeText(heir.firstSeenAtMs)}`))}`;
}

/** Hosts whose rules lose each of these addresses; those that lose none are no entries. */
function findLosers(left: readonly StoredAddressTime[], { hosts }: PlanScope): Map<StoredAddressTime, string[]> {
  const losers = new Map<StoredAddressTime, string[]>();
  for (const { after, formerBundle, formerRuleset } of hosts) {
    if (formerRuleset === null || formerBundle === after.hash) continue;
    const gone = listGoneAddresses(formerRuleset, after.ruleset);
    for (const time of gone.length === 0 ? [] : left) {
      const parsed = parseAddress(time.address);
      if (parsed.ok && containsAddress(gone, parsed.value)) losers.set(time, [...(losers.get(time) ?? []), after.host.name]);
    }
  }
  return losers;
}

/** Who an address was of before it left, for the rows of a plan; null where it left nobody, or is somebody's. */
export function createFormerOwner(ctx: BackendContext): (address: string) => string | null {
  const { addressesOf, names } = readIdentities(ctx);
  const owners = new Map<string, HostId>();
  const all = [...addressesOf.values()].flat();
  for (const { address, host, leftAtMs } of all) if (leftAtMs !== null) owners.set(address, host);
  return (address) => {
    const owner = owners.get(address);
    return owner === undefined ? null : (names.get(owner) ?? null);
  };
}

const cut = (names: readonly string[]): string => names.slice(0, MAX_NAMED).join(', ') + (names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : '');
