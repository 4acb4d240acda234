import type { ZoneMode } from '../../model/policy.ts';
import type { Family } from '../../net/address.ts';

/** What records, lets pass and refuses on a host with iptables and ipset: the same for every policy. */

export type IptablesChain = { readonly name: string; readonly rules: readonly string[] };

/** Where a connection is met: coming in to the host, leaving it, or passing through it. */
export type IptablesPlace = 'IN' | 'OUT' | 'FWD';
export const IPTABLES_PLACES: readonly IptablesPlace[] = ['IN', 'OUT', 'FWD'];

/** The peer and the port that was asked for; of what passes through, both ends. */
const KEYS: Record<IptablesPlace, { readonly type: string; readonly flags: string }> = {
  IN: { type: 'hash:ip,port', flags: 'src,dst' },
  OUT: { type: 'hash:ip,port', flags: 'dst,dst' },
  FWD: { type: 'hash:ip,port,ip', flags: 'src,dst,dst' },
};

/** As nft sets have it: a day after it was first seen, an element goes (not when last seen, see `ladder`). */
const OPTIONS = 'maxelem 16384 timeout 86400 counters';
/** Neighbour discovery, router messages and MLD: background noise of every link, not flows. */
const LINK_NOISE = [130, 131, 132, 133, 134, 135, 136, 137, 143];

const setName = (place: IptablesPlace, family: Family, isMiss: boolean): string => `fb_${isMiss ? 'miss_' : ''}${place.toLowerCase()}${family}`;

/** Lines of `ipset restore` for the sets that the kernel fills. */
export const RECORDING_SETS: readonly string[] = [false, true].flatMap((isMiss) =>
  IPTABLES_PLACES.flatMap((place) => ([4, 6] as const).map((family) => `create ${setName(place, family, isMiss)} ${KEYS[place].type} family ${family === 4 ? 'inet' : 'inet6'} ${OPTIONS}`)),
);

export const NEW = '-m conntrack --ctstate NEW';

/** What counts new connections (`FB-REC-…`) and refused ones (`FB-MREC-…`). */
export const recordingChains = (family: Family): IptablesChain[] => IPTABLES_PLACES.flatMap((place) => [ladder(place, family, false), ladder(place, family, true)]);

/**
 * Counted where the key is there, else added, else lost. Not by `SET --exist`, which would begin its counters anew with each packet (measured with Linux 6.18);
 * the match counts. Nor does `SET` say whether the set was full: that is asked afterwards, and the rule without a target counts.
 */
function ladder(place: IptablesPlace, family: Family, isMiss: boolean): IptablesChain {
  const key = `${setName(place, family, isMiss)} ${KEYS[place].flags}`;
  return {
    name: `FB-${isMiss ? 'MREC' : 'REC'}-${place}`,
    rules: [
      // A connection that was picked up half way: its direction is a guess, so nothing is learned from it.
      `-p tcp ! --tcp-flags FIN,SYN,RST,ACK SYN -m comment --comment midstream -j RETURN`,
      ...(family === 4 ? [] : LINK_NOISE.map((type) => `-p ipv6-icmp -m icmp6 --icmpv6-type ${type} -j RETURN`)),
      `-m set --match-set ${key} -j RETURN`,
      `-j SET --add-set ${key}`,
      `-m set ! --match-set ${key} ! --update-counters -m comment --comment lost_${place.toLowerCase()}`,
    ],
  };
}

const LOG_NAMES: Record<IptablesPlace, string> = { IN: 'in', OUT: 'out', FWD: 'forward' };
const log = (word: string, place: IptablesPlace): string => `-m limit --limit 30/minute --limit-burst 30 -j LOG --log-prefix "firebreak ${word} ${LOG_NAMES[place]} " --log-level info`;

/** Lets pass, reached by goto: its end is the end of our rules, and those of others go on. What is let in is recorded here; what leaves was, before it was judged. */
const passChain = (place: IptablesPlace): IptablesChain => ({ name: `FB-PASS-${place}`, rules: [...(place === 'OUT' ? [] : [`${NEW} -j FB-REC-${place}`]), '-j RETURN'] });

/** What becomes of what no rule allows or one denies. Recording and verdict are rules of their own: a set that is full refuses nothing and lets nothing through. */
function missChain(place: IptablesPlace, mode: ZoneMode): IptablesChain {
  const verdict = mode === 'test' ? [`-g FB-PASS-${place}`] : [log('deny', place), '-j DROP'];
  return { name: `FB-MISS-${place}`, rules: [`-j FB-MREC-${place}`, ...verdict] };
}

/** What becomes of what a containment refuses, in every mode. An enforcing host has what it refuses of what comes in among the refusals alone. */
function cutChain(place: IptablesPlace, mode: ZoneMode): IptablesChain {
  const isApart = mode === 'enforce' && place !== 'OUT';
  const record = [...(isApart ? [] : [`${NEW} -j FB-REC-${place}`]), `-m conntrack --ctstate NEW,INVALID,UNTRACKED -j FB-MREC-${place}`];
  return { name: `FB-CUT-${place}`, rules: [...record, log('contain', place), '-j DROP'] };
}

/** The ends of all rules. The same list in every mode, so that what is reloaded flushes whatever a policy before had in them. */
export const verdictChains = (mode: ZoneMode): IptablesChain[] => IPTABLES_PLACES.flatMap((place) => [passChain(place), missChain(place, mode), cutChain(place, mode)]);
