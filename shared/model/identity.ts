import { z } from 'zod';

/** A name as `getent` knows it, or a number. No spaces, quotes or leading dash: it travels in a bundle's comment and in a shell word. */
const AccountName = z.string().regex(/^(?:\d{1,10}|[A-Za-z_][A-Za-z0-9_.@-]{0,62}\$?)$/, 'a name is letters, digits and . _ - @ (63 at most), or a number');

/** A service of systemd by its full name; instances of templates too. */
export const UnitName = z.string().max(200).regex(/^[A-Za-z0-9_][A-Za-z0-9:_.@-]*\.service$/, 'a unit is the full name of a service, like nginx.service or postgresql@15-main.service');
export type UnitName = z.infer<typeof UnitName>;

/**
 * Who on the consuming host a rule is about, as the socket's owner in the kernel. Text forms: `user:backup`, `group:ops`, `user:1000`, `unit:shop-web.service`. Names are
 * looked up on each host; one that does not exist there is nobody.
 */
export const Identity = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('user'), name: AccountName }),
  z.strictObject({ kind: z.literal('group'), name: AccountName }),
  z.strictObject({ kind: z.literal('unit'), name: UnitName }),
]);
export type Identity = z.infer<typeof Identity>;
