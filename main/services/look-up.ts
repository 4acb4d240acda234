import { Resolver } from 'node:dns/promises';
import type { DnsName } from '../../shared/model/dns-name.ts';
import { canonicalAddress } from './host-addresses.ts';

/** `addresses` are canonical and sorted. `problem` says why there is none, or what of the answer is missing; null: nothing. */
export type LookedUp = { readonly addresses: readonly string[]; readonly problem: string | null };
export type LookUp = (name: DnsName, signal?: AbortSignal) => Promise<LookedUp>;

/** More than a resolver of good will gives at once; what is beyond is left out and said. */
export const MAX_IN_ANSWER = 64;
const TIMEOUT_MS = 2_000;
const TRIES = 2;

/** DNS and nothing else: the console's own /etc/hosts says nothing about the hosts' world. Never rejects; being offline is an answer. `servers` default to this machine's. */
export function createLookUp({ servers, timeoutMs = TIMEOUT_MS }: { readonly servers?: readonly string[]; readonly timeoutMs?: number } = {}): LookUp {
  return async (name, signal) => {
    const resolver = new Resolver({ timeout: timeoutMs, tries: TRIES });
    if (servers !== undefined) resolver.setServers(servers);
    const stop = () => resolver.cancel();
    signal?.addEventListener('abort', stop, { once: true });
    const [ipv4, ipv6] = await Promise.all([askFamily(resolver.resolve4(name)), askFamily(resolver.resolve6(name))]);
    signal?.removeEventListener('abort', stop);
    return joinFamilies(ipv4, ipv6);
  };
}

type OfFamily = { readonly addresses: readonly string[]; readonly failure: string | null };

async function askFamily(question: Promise<string[]>): Promise<OfFamily> {
  try {
    return { addresses: await question, failure: null };
  } catch (error) {
    return { addresses: [], failure: error instanceof Error && 'code' in error ? String(error.code) : 'EUNKNOWN' };
  }
}

/** A name with addresses of one family only is normal: ENODATA for the other one is no problem. */
function joinFamilies(ipv4: OfFamily, ipv6: OfFamily): LookedUp {
  const found = [...ipv4.addresses, ...ipv6.addresses];
  const failures = [ipv4.failure, ipv6.failure].filter((failure) => failure !== null && failure !== 'ENODATA');
  const bounded = boundAnswer(found);
  if (found.length > 0 && failures.length > 0) return { ...bounded, problem: `${ipv4.failure === null ? 'IPv6' : 'IPv4'} was not answered: ${describeFailure(failures[0] ?? '')}` };
  if (found.length > 0) return bounded;
  return { addresses: [], problem: describeFailure(failures[0] ?? 'ENODATA') };
}

/** Canonical, sorted and at most 64; a problem when that left something out. Pure. */
export function boundAnswer(texts: readonly string[]): LookedUp {
  const all = [...new Set(texts)];
  const good = [...new Set(all.map(canonicalAddress).filter((address) => address !== null))].sort();
  if (good.length === 0 && all.length > 0) return { addresses: [], problem: 'none of what was answered is an address that a rule can have' };
  return { addresses: good.slice(0, MAX_IN_ANSWER), problem: good.length > MAX_IN_ANSWER ? `it answered ${good.length} addresses; ${MAX_IN_ANSWER} of them are kept` : null };
}

/** Codes of c-ares (nodejs.org/api/dns.html, “Error codes”). */
function describeFailure(code: string): string {
  switch (code) {
    case 'ENOTFOUND':
      return 'there is no such name';
    case 'ENODATA':
      return 'the name has no address';
    case 'ETIMEOUT':
    case 'ECONNREFUSED':
      return 'no DNS server answered';
    case 'ESERVFAIL':
    case 'EREFUSED':
      return 'the DNS server could not or would not answer';
    case 'ECANCELLED':
      return 'it was stopped before an answer came';
    default:
      return `DNS failed (${code})`;
  }
}
