import { ReleaseManifest, type UpdateCheck, type UpdateSource, type UpdateSourceView } from '../../shared/contract/updates.ts';
import { FirebreakError } from '../../shared/errors.ts';
import { FIREBREAK_VERSION } from '../../shared/version.ts';
import { getSmallFile } from '../forward/get-small-file.ts';
import type { TlsTrust } from '../forward/send-stream.ts';
import { readTextFile } from '../imports/read-text-file.ts';
import type { BackendContext } from './backend-context.ts';
import { recordChange } from './record-change.ts';
import { readUpdateSource, writeUpdateSource } from './update-source.ts';
import { fingerprintOf, isSignedBy } from './verify-ssh-signature.ts';

const MAX_BYTES = 262_144;
const TIMEOUT_MS = 20_000;
const SIGNATURE_SUFFIX = '.sig';

type Place = Pick<BackendContext, 'configDir'>;

export function showUpdateSource({ configDir }: Place): UpdateSourceView {
  const source = readUpdateSource(configDir);
  const fingerprint = source === null ? null : fingerprintOf(source.publicKey);
  return { source: source === null || fingerprint === null ? null : { ...source, fingerprint }, current: FIREBREAK_VERSION };
}

/** @throws INPUT_INVALID for what is no key · FILE_NOT_WRITABLE */
export function setUpdateSource(ctx: BackendContext, source: UpdateSource | null): UpdateSourceView {
  if (source !== null && fingerprintOf(source.publicKey) === null) {
    throw new FirebreakError('INPUT_INVALID', { issues: [{ path: 'publicKey', message: 'this is no Ed25519 key; it is the line that ssh-keygen writes into the .pub file' }] });
  }
  writeUpdateSource(ctx.configDir, source);
  const detail = source === null ? 'this user asks nobody for new versions' : `this user asks ${new URL(source.url).host}, signed by ${fingerprintOf(source.publicKey)}`;
  recordChange(ctx, { action: 'updates.setSource', subject: 'updates', detail, groups: [] }, () => undefined);
  return showUpdateSource(ctx);
}

/**
 * Whether there is a newer version, by a manifest whose signature is that of the key that this user named; from a file, or asked for now. Nothing else is fetched, nothing is installed, and nobody asks by themselves.
 * @throws UPDATES_OFF · UPDATE_UNREACHABLE · UPDATE_REFUSED · FILE_NOT_READABLE
 */
export async function checkForUpdate(ctx: BackendContext, { path, signal, tls = { ca: null } }: { path: string | null; signal?: AbortSignal | undefined; tls?: TlsTrust }): Promise<UpdateCheck> {
  const source = readUpdateSource(ctx.configDir);
  if (source === null) throw new FirebreakError('UPDATES_OFF', {});
  const from = path ?? source.url;
  const read = path === null ? (url: string) => fetchText(url, tls, signal) : readTextFile;
  const [text, signature] = [await read(from), await read(signatureOf(from, path === null))];
  if (!isSignedBy(source.publicKey, 'firebreak-release', Buffer.from(text), signature)) {
    throw new FirebreakError('UPDATE_REFUSED', { from, detail: `it is not signed by ${fingerprintOf(source.publicKey) ?? 'the key that was named'}` });
  }
  const release = parseManifest(from, text);
  const signedBy = fingerprintOf(source.publicKey) ?? '';
  return { from, current: FIREBREAK_VERSION, verdict: compareVersions(release.version, FIREBREAK_VERSION), release, signedBy };
}

/** Beside the manifest; a query stays behind. */
function signatureOf(from: string, isUrl: boolean): string {
  if (!isUrl) return from + SIGNATURE_SUFFIX;
  const url = new URL(from);
  url.pathname += SIGNATURE_SUFFIX;
  return url.href;
}

async function fetchText(url: string, tls: TlsTrust, signal: AbortSignal | undefined): Promise<string> {
  try {
    return await getSmallFile({ url, tls }, { timeoutMs: TIMEOUT_MS, signal: signal ?? new AbortController().signal, maxBytes: MAX_BYTES });
  } catch (error) {
    throw new FirebreakError('UPDATE_UNREACHABLE', { url, detail: error instanceof Error ? error.message : 'no reason given' }, { cause: error });
  }
}

function parseManifest(from: string, text: string): ReleaseManifest {
  try {
    return ReleaseManifest.parse(JSON.parse(text));
  } catch (error) {
    throw new FirebreakError('UPDATE_REFUSED', { from, detail: 'it is signed, and is no list of a release that this version can read' }, { cause: error });
  }
}

/** By numbers, from the left. Pure. */
export function compareVersions(release: string, current: string): UpdateCheck['verdict'] {
  const [theirs, ours] = [release, current].map((version) => version.split('.').map(Number));
  for (const [index, part] of (theirs ?? []).entries()) {
    const own = ours?.[index] ?? 0;
    if (part !== own) return part > own ? 'newer' : 'older';
  }
  return 'same';
}
