import type { PathQuery, PathView } from '../../shared/contract/reach-views.ts';
import { FirebreakError } from '../../shared/errors.ts';
import { findPath, listRefusals } from '../../shared/policy/reach/find-path.ts';
import type { ReachIndex } from '../../shared/policy/reach/reach-index.ts';
import type { Party } from '../../shared/policy/reach/parties.ts';
import { describeEndVerdict } from '../../shared/policy/reach/reach-words.ts';
import type { BackendContext } from './backend-context.ts';
import { findStarts } from './reach.ts';
import { readReachIndexes } from './reach-indexes.ts';
import { toReachServices } from './reach-words.ts';

/** A shortest chain of connections from one host to another, or what stops the direct one. @throws NOT_FOUND, INPUT_INVALID for a host and itself */
export function readReachPath(ctx: BackendContext, query: PathQuery): PathView {
  const indexes = readReachIndexes(ctx);
  const index = query.policy === 'live' ? indexes.live() : indexes.draft();
  const one = (of: string): Party => {
    const [party] = findStarts(index, indexes.compiled, of);
    if (party === undefined || of.startsWith('zone:')) throw new FirebreakError('INPUT_INVALID', { issues: [{ path: 'to', message: 'a path runs between two single hosts; give their names' }] });
    return party;
  };
  const [from, to] = [one(query.from), one(query.to)];
  if (from === to) throw new FirebreakError('INPUT_INVALID', { issues: [{ path: 'to', message: `${query.to} is where the path begins; choose another host` }] });
  const steps = findPath(index, from, to);
  return {
    from: from.name,
    to: to.name,
    steps: steps?.map((step) => ({ from: step.from.name, to: step.to.name, certain: step.isCertain, ...toReachServices(step.openings, step.from, step.to) })) ?? null,
    refused: steps === null ? listRefused(index, from, to) : [],
  };
}

const listRefused = (index: ReachIndex, from: Party, to: Party): PathView['refused'] =>
  listRefusals(index, from, to).map(({ service, passage }) => ({
    text: service.text,
    why: [passage.in.passes ? null : describeEndVerdict(passage.in, to.name), passage.out.passes ? null : describeEndVerdict(passage.out, from.name)].filter((text) => text !== null).join('; '),
  }));
