import { z } from 'zod';
import { getAddress, printAddress } from '../../shared/net/address.ts';

const Element = z.object({ elem: z.object({ val: z.object({ concat: z.array(z.union([z.string(), z.number()])) }) }) });
const Listing = z.object({ nftables: z.array(z.object({ set: z.object({ name: z.string(), elem: z.array(z.unknown()).optional() }).optional() })) });

/** What the kernel itself counted as refused (or would be): `in|out peer protocol port`, from the miss sets of `nft -j list table`. */
export const readRefused = (tableJson: string): Set<string> => readCounted(tableJson, 'miss_');

/** The same of the sets that count everything, where `prefix` is empty. */
export function readCounted(tableJson: string, prefix: '' | 'miss_'): Set<string> {
  const counted = new Set<string>();
  for (const { set } of Listing.parse(JSON.parse(tableJson)).nftables) {
    const direction = new RegExp(`^${prefix}(in|out)[46]`).exec(set?.name ?? '')?.[1];
    if (set === undefined || direction === undefined) continue;
    for (const { elem } of z.array(Element).parse(set.elem ?? [])) {
      const [peer = '', protocol = '', port = ''] = elem.val.concat;
      counted.add(`${direction} ${printAddress(getAddress(String(peer)))} ${protocol === 'ipv6-icmp' ? 'icmpv6' : protocol} ${port}`);
    }
  }
  return counted;
}
