import type { NameSighting } from '../../model/name-ledger.ts';
import type { IpList } from '../../model/policy.ts';
import { parseDnsName } from '../../net/parse-dns-name.ts';
import { anIpList, expectParsed } from './builders.ts';

export const dnsName = (text: string) => expectParsed(parseDnsName(text));

export const LEDGER_NOW_MS = Date.UTC(2026, 5, 15, 12);
export const ledgerDaysAgo = (days: number): number => LEDGER_NOW_MS - days * 86_400_000;

/** The console saw `deb.example.org` at 198.51.100.7, once, now. */
export const aSighting = ({ name = 'deb.example.org', ...input }: Partial<Omit<NameSighting, 'name'>> & { name?: string } = {}): NameSighting => {
  const lastSeenAtMs = input.lastSeenAtMs ?? LEDGER_NOW_MS;
  return { name: dnsName(name), address: '198.51.100.7', seenBy: null, firstSeenAtMs: lastSeenAtMs, lastSeenAtMs, times: 1, ...input };
};

/** A list of names alone, unless `cidrs` says more. */
export const aNamedList = ({ name = 'mirrors', names = ['deb.example.org'], cidrs = [] as string[], ...more }: Partial<Omit<IpList, 'name' | 'names' | 'cidrs'>> & { name?: string; names?: string[]; cidrs?: string[] } = {}): IpList => ({
  ...anIpList(name, cidrs),
  names: names.map(dnsName),
  ...more,
});

/** As many addresses as asked for, all different and public. */
export const manyAddresses = (count: number): string[] => Array.from({ length: count }, (_, i) => `198.18.${Math.floor(i / 250)}.${i % 250}`);

