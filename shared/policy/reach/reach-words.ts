import type { EndVerdict, Passage } from './passages.ts';

/** Why one end lets a connection through, or refuses it, in a few words; `where` is the end's name. */
export function describeEndVerdict({ reason, by, passes, wouldBlock }: EndVerdict, where: string): string {
  if (wouldBlock) return `${where} only tests: ${by === null ? 'no rule allows it' : `rule ${by} denies it`}`;
  if (!passes) return reason === 'contained' ? `${where} refuses it: containment ${by ?? ''}` : `${where} refuses it: ${by === null ? 'no rule allows it' : `rule ${by} denies it`}`;
  return `${where}: ${describeReason(reason, by)}`;
}

/** Both ends, the provider's first: that is the one that usually decides. */
export const describePassage = (passage: Passage, consumer: string, provider: string): string =>
  [describeEndVerdict(passage.in, provider), describeEndVerdict(passage.out, consumer)].join('; ');

export function describeReason(reason: EndVerdict['reason'], by: EndVerdict['by'] = null): string {
  switch (reason) {
    case 'rule':
      return by === null ? 'a rule' : `rule ${by}`;
    case 'no-agent':
      return 'no agent, so nothing is decided there';
    case 'observed':
      return 'observed, so everything passes';
    case 'outbound-open':
      return 'outbound is open';
    case 'not-selected':
      return 'the zone refuses by default only the services that it names';
    case 'default':
      return 'the zone’s default';
    case 'contained':
      return 'a containment';
    case 'loopback':
    case 'management':
    case 'icmp':
    case 'dhcp':
    case 'resolvers':
      return 'the essential block';
  }
}
