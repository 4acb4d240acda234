import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Identity } from '../../model/identity.ts';
import type { NonEmpty } from '../../net/address-match.ts';
import type { Family } from '../../net/address.ts';
import { printCidrs } from '../../net/print-range.ts';
import type { AddressRange } from '../../net/range-set.ts';
import { filledSet } from '../print-sets.ts';

/** Gathers the ipsets of one host while its rules are printed; equal content is one set, whoever names it. */
export type IpsetBook = {
  /** The name of a set with just these addresses, all of one family. */
  readonly addresses: (family: Family, ranges: NonEmpty<AddressRange>) => string;
  /** What stands for an account in a rule. */
  readonly account: (identity: Identity) => string;
  /** `fill SET KIND NAME` for each account that the host looks up; sorted, empty where names stand in the rules. */
  readonly fills: () => string[];
  /** Lines of `ipset restore`, sorted by set. */
  readonly lines: () => string[];
};

/** What ipset gives a set that says nothing. */
const USUAL_ELEMENTS = 65_536;

/**
 * Names are made of the content's hash, as those of nft sets are: a set never changes under its name, so that new ones can be added while rules use the old
 * ones. They are one namespace for all of ipset's users on a host, hence the prefix. `accounts`: by name, which iptables looks up when it loads, or as what an agent looks up.
 */
export function createIpsetBook(accounts: 'named' | 'looked-up' = 'named'): IpsetBook {
  const sets = new Map<string, readonly string[]>();
  const fills = new Set<string>();
  return {
    account: (identity) => {
      if (accounts === 'named') return identity.name;
      const { set, fill } = filledSet(identity);
      fills.add(fill);
      return `@${set}`;
    },
    fills: () => [...fills].sort(),
    addresses: (family, ranges) => {
      const isExact = ranges.every((range) => range.first === range.last);
      const elements = ranges.flatMap(printCidrs);
      const options = `${isExact ? 'hash:ip' : 'hash:net'} family ${family === 4 ? 'inet' : 'inet6'} maxelem ${Math.max(USUAL_ELEMENTS, elements.length)}`;
      const name = `fb_a${family}_${bytesToHex(sha256(utf8ToBytes(`${options} ${elements.join(' ')}`))).slice(0, 12)}`;
      if (!sets.has(name)) sets.set(name, [`create ${name} ${options}`, ...elements.map((element) => `add ${name} ${element}`)]);
      return name;
    },
    lines: () => [...sets].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, lines]) => lines),
  };
}
