import type { NewHost } from '../../shared/contract/host-imports.ts';
import type { SshIdentity } from '../../shared/model/host.ts';

/** What a source does not say of a host and is taken for granted: an update leaves that as it is. */
export type Assumed = 'user' | 'identity' | 'sudo';

/** A machine on the way to a host, from the console outward. */
export type Hop = { readonly name: string; readonly address: string; readonly port: number; readonly user: string; readonly identity: SshIdentity; /** Whether anybody said so. */ readonly isIdentitySaid: boolean };

/** A host as a file tells of it. `file` null: the text has no name. `line` 0: no line can be named. `notes`: sentences about what of it is not taken. */
export type ListedHost = NewHost & { readonly file: string | null; readonly line: number; readonly assumed: readonly Assumed[]; readonly notes: readonly string[] };
/** The same before its way is made of jump hosts, each a host of its own. */
export type RoutedHost = ListedHost & { readonly route: readonly Hop[] };
/** What makes no host, and why, without a full stop. */
export type RefusedHost = { readonly file: string | null; readonly line: number; readonly name: string; readonly reason: string };
