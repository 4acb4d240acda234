import { z } from 'zod';
import { call, none } from './contract-call.ts';
import { FilePath } from './workspaces.ts';

const MAX_FILES = 100;
const MAX_NOTES_CHARS = 4_000;

/** `1.2.3`, as package.json has it; nothing behind it. */
export const ReleaseVersion = z.string().regex(/^(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})$/, 'write a version such as 1.2.3');

/** What a release says of itself: `release.json`, signed beside it in `release.json.sig` (SSH signature, namespace `firebreak-release`). */
export const ReleaseManifest = z.strictObject({
  v: z.literal(1),
  product: z.literal('firebreak'),
  version: ReleaseVersion,
  releasedOn: z.iso.date(),
  notes: z.string().max(MAX_NOTES_CHARS),
  files: z
    .array(z.strictObject({ name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._+~-]{0,127}$/, 'a file name of letters, digits, dots and dashes'), bytes: z.number().int().positive(), sha256: z.string().regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits') }))
    .max(MAX_FILES),
});
export type ReleaseManifest = z.infer<typeof ReleaseManifest>;

/** Host and path, a query perhaps; no user, no password, no fragment, nothing but printable ASCII. */
const PLAIN_HTTPS = /^https:\/\/[A-Za-z0-9.:[\]-]+(?:\/[!-~]*)?$/;

/** Where this user's console asks for releases, and by whose key they must be signed. */
export const UpdateSource = z.strictObject({
  url: z.string().max(2_000).refine((text) => PLAIN_HTTPS.test(text) && !text.includes('#'), 'an address such as https://downloads.example.org/firebreak/release.json, without user, password and #'),
  publicKey: z.string().max(200).regex(/^ssh-ed25519 [A-Za-z0-9+/]+={0,2}( [ -~]*)?$/, 'one line: ssh-ed25519 AAAA…'),
});
export type UpdateSource = z.infer<typeof UpdateSource>;

export const UpdateSourceView = z.strictObject({ source: UpdateSource.extend({ fingerprint: z.string() }).nullable(), current: z.string() });
export type UpdateSourceView = z.infer<typeof UpdateSourceView>;

/** `newer` than what runs here, the `same`, or `older`. */
export const UpdateCheck = z.strictObject({ from: z.string(), current: z.string(), verdict: z.enum(['newer', 'same', 'older']), release: ReleaseManifest, signedBy: z.string() });
export type UpdateCheck = z.infer<typeof UpdateCheck>;

/** Off until a person turns it on, on this machine; asks only when told to, and fetches nothing but the manifest and its signature. */
export const updatesContract = {
  source: call.input(none).output(UpdateSourceView),
  /** Null turns it off. */
  setSource: call.input(z.strictObject({ source: UpdateSource.nullable() })).output(UpdateSourceView),
  /** `path`: a manifest that was carried here, with its signature beside it; null: asks the source. UPDATES_OFF · UPDATE_UNREACHABLE · UPDATE_REFUSED · FILE_NOT_READABLE */
  check: call.input(z.strictObject({ path: FilePath.nullable() })).output(UpdateCheck),
};
