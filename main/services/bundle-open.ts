import { createHash } from 'node:crypto';
import { inert } from '../../shared/text/inert.ts';
import { findKit, listKits } from '../db/kit-store.ts';
import type { ReadDb } from '../db/sql.ts';
import { BundleManifest, MANIFEST_FILE, SEAL_FILES } from '../imports/bundle/bundle-manifest.ts';
import { readBundle } from '../imports/bundle/read-bundle.ts';
import { isRawSignedBy, isSignedBy } from './verify-ssh-signature.ts';

/** A bundle whose files are those of its manifest. `kit`: the stick with whose key it was signed; null: nobody signed it, and it may be anybody's. */
export type OpenedBundle = {
  sha256: string;
  bytes: number;
  manifest: BundleManifest;
  kit: string | null;
  bytesOf(name: string): Buffer | null;
};
export type Opened = { ok: true; bundle: OpenedBundle } | { ok: false; reason: string };

const no = (reason: string): Opened => ({ ok: false, reason });

/** Reads, checks and verifies; changes nothing. `reason` is a sentence without a full stop. */
export async function openBundle(db: ReadDb, path: string, kind: BundleManifest['kind']): Promise<Opened> {
  const read = await readBundle(path);
  if (!read.ok) return read;
  const { files } = read;
  const manifestBytes = files.get(MANIFEST_FILE);
  if (manifestBytes === undefined) return no(`${MANIFEST_FILE} is missing in it`);
  const document = parseJsonBytes(manifestBytes);
  if (document === undefined) return no(`${MANIFEST_FILE} in it is no JSON text in UTF-8`);
  const parsed = BundleManifest.safeParse(document);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return no(`${MANIFEST_FILE} in it is not as a collector writes it (${inert(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`).slice(0, 200)})`);
  }
  const manifest = parsed.data;
  const fault = findFileFault(manifest, files) ?? findSealFault(db, manifest, manifestBytes, files);
  if (fault !== null) return no(fault);
  if (manifest.kind !== kind)
    return no(
      kind === 'receipt' ? 'it is a collection and no receipt: firebreak bundle import' : 'it is a receipt and no collection: firebreak bundle receipt',
    );
  const bytesOf = (name: string) => files.get(name) ?? null;
  return {
    ok: true,
    bundle: {
      sha256: read.sha256,
      bytes: read.bytes,
      manifest,
      kit: manifest.seal === 'none' ? null : manifest.kit,
      bytesOf,
    },
  };
}

/** Each file has its hash in the manifest, and each hash its file. */
function findFileFault(manifest: BundleManifest, files: ReadonlyMap<string, Buffer>): string | null {
  const seals: readonly string[] = Object.values(SEAL_FILES);
  const held = [...files.keys()].filter((name) => name !== MANIFEST_FILE && !seals.includes(name));
  const unsaid = held.find((name) => !Object.hasOwn(manifest.files, name));
  if (unsaid !== undefined) return `${unsaid} in it is not in its manifest`;
  for (const [name, said] of Object.entries(manifest.files)) {
    const bytes = held.includes(name) ? files.get(name) : undefined;
    if (bytes === undefined) return `“${inert(name)}” is in its manifest and not in it`;
    if (createHash('sha256').update(bytes).digest('hex') !== said) return `${name} in it was changed: its sha256 is not that of the manifest`;
  }
  return null;
}

/** Null where the signature holds, or nothing claims that there is one. */
function findSealFault(db: ReadDb, { seal, kit }: BundleManifest, manifest: Buffer, files: ReadonlyMap<string, Buffer>): string | null {
  if (seal === 'none') return Object.values(SEAL_FILES).some((name) => files.has(name)) ? 'it has a signature, and its manifest says that it has none' : null;
  const signature = files.get(SEAL_FILES[seal]);
  if (signature === undefined) return 'its manifest says that it is signed, and the signature is missing';
  if (Object.entries(SEAL_FILES).some(([other, name]) => other !== seal && files.has(name))) return 'it has two signatures';
  const known = kit === null ? undefined : findKit(db, kit);
  if (known === undefined)
    return `it is signed with the key of kit ${kit ?? '?'}, which this workspace did not make or has forgotten (it knows ${
      listKits(db)
        .map(({ id }) => id)
        .join(', ') || 'none'
    })`;
  const holds =
    seal === 'ssh'
      ? isSignedBy(known.publicKey, 'firebreak-collection', manifest, signature.toString('latin1'))
      : isRawSignedBy(known.publicKey, manifest, signature);
  return holds ? null : `its signature is not that of kit ${known.id}: it was changed after it was signed, or signed by somebody else`;
}

/** Undefined for what is no JSON, or no UTF-8. */
export function parseJsonBytes(bytes: Buffer | null): unknown {
  const text = decodeUtf8(bytes ?? undefined);
  if (text === null) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function decodeUtf8(bytes: Buffer | undefined): string | null {
  if (bytes === undefined) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
