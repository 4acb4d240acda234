import { MAX_REACH_SERVICES, type ReachService } from '../../shared/contract/reach-views.ts';
import type { Party } from '../../shared/policy/reach/parties.ts';
import type { Opening } from '../../shared/policy/reach/reach-index.ts';
import { describePassage } from '../../shared/policy/reach/reach-words.ts';

/** The services of one connection as windows and the command line show them, those that stay open when the ends enforce first; the first few, and how many more. */
export function toReachServices(openings: readonly Opening[], consumer: Party, provider: Party): { services: ReachService[]; more: number } {
  const sorted = openings.toSorted((a, b) => Number(a.passage.wouldBlock) - Number(b.passage.wouldBlock));
  const services = sorted.slice(0, MAX_REACH_SERVICES).map(({ service, passage }): ReachService => {
    const rules = [passage.in, passage.out].flatMap(({ by, wouldBlock }) => (by === null || by === 'essential' || wouldBlock ? [] : [by]));
    return {
      text: service.text,
      process: service.process,
      basis: service.basis,
      verdict: passage.wouldBlock ? 'would-block' : 'allowed',
      rules: [...new Set<string>(rules)],
      why: describePassage(passage, consumer.name, provider.name),
    };
  });
  return { services, more: openings.length - services.length };
}
