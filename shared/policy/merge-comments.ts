import { isSame } from './merge-policy.ts';
import type { PolicyComments } from './policy-comments.ts';

/** As for the policy, by address; where both sides changed a comment the file's is taken, since comments decide nothing. */
export function mergeComments({ base, draft, file }: { readonly base: PolicyComments; readonly draft: PolicyComments; readonly file: PolicyComments }): PolicyComments {
  const addresses = new Set([...Object.keys(draft), ...Object.keys(file)]);
  const taken = [...addresses].flatMap((address) => {
    const comment = isSame(base[address], file[address]) ? draft[address] : file[address];
    return comment === undefined ? [] : [[address, comment] as const];
  });
  return Object.fromEntries(taken);
}
