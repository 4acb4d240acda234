import { z } from 'zod';

/** A name as `getent` knows it, or a number. No spaces, quotes or leading dash: it travels in a bundle's comment and in a shell word. */
const AccountName = z.string().regex(/^(?:\d{1,10}|[A-Za-z_][A-Za-z0-9_.@-]{0,62}\$?)$/, 'a name is letters, digits and . _ - @ (63 at most), or a number');

/**
 * Who on the consuming host a rule is about, as the socket's owner in the kernel. Text forms: `user:backup`, `group:ops`, `user:1000`. Names are
 * looked up on each host; one that does not exist there is nobody.
 */
export const Identity = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('user'), name: AccountName }),
  z.strictObject({ kind: z.literal('group'), name: AccountName }),
]);
export type Identity = z.infer<typeof Identity>;
