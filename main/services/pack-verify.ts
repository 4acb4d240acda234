import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { PackVerdict } from '../../shared/contract/report-packs.ts';
import { FirebreakError } from '../../shared/errors.ts';
import { checkTables, type PackProblem } from '../reports/pack/check-tables.ts';
import { HASHED_FILES, KEY_FILE, Manifest, MANIFEST_FILE, SIGNATURE_FILE, SIGNERS_FILE } from '../reports/pack/manifest.ts';
import { printSigners } from '../reports/pack/how-to-verify.ts';
import { type PackBytes, readPack } from '../reports/pack/read-pack.ts';
import { fingerprintOf, isSignedBy } from './verify-ssh-signature.ts';

/**
 * Whether a pack is what its console made: signature, hashes, then everything computed again from its tables. Needs no workspace and no network, changes nothing; all problems
 * are told at once. `keyPath` is a file with the key that the pack must be signed with (as `signer.pub`); null: any key, which shows only that the pack agrees with itself.
 * @throws FILE_NOT_READABLE for the folder or the key file · INPUT_INVALID when that holds no Ed25519 key
 */
export async function verifyPack(folder: string, keyPath: string | null): Promise<PackVerdict> {
  const cannotRead = (path: string) => (error: Error) => {
    throw new FirebreakError('FILE_NOT_READABLE', { path, detail: error.message });
  };
  const trusted = keyPath === null ? null : (await readFile(keyPath, 'utf8').catch(cannotRead(keyPath))).trim();
  if (trusted !== null && fingerprintOf(trusted) === null) throw new FirebreakError('INPUT_INVALID', { issues: [{ path: '--key', message: `${keyPath ?? ''} holds no line such as “ssh-ed25519 AAAA…”` }] });
  const pack = await readPack(folder).catch(cannotRead(folder));
  const textOf = (name: string) => pack.files.get(name)?.toString('utf8') ?? '';
  const problems = [...pack.problems, ...checkSignature(pack, trusted)];
  const manifest = readManifest(pack, problems);
  if (manifest !== null) {
    problems.push(...checkHashes(manifest, pack));
    if (HASHED_FILES.every((name) => pack.files.has(name))) problems.push(...checkTables(manifest, textOf));
  }
  return {
    ok: problems.length === 0,
    problems,
    signer: fingerprintOf(textOf(KEY_FILE)),
    isKeyTrusted: trusted !== null,
    isSample: manifest?.isSample ?? false,
    madeAt: manifest?.madeAt ?? null,
    madeBy: manifest?.madeBy ?? null,
    period: manifest?.period ?? null,
    files: pack.files.size,
    figures: manifest?.figures.length ?? 0,
  };
}

function checkSignature({ files }: PackBytes, trusted: string | null): PackProblem[] {
  const [manifest, signature, key] = [files.get(MANIFEST_FILE), files.get(SIGNATURE_FILE), files.get(KEY_FILE)?.toString('utf8').trim()];
  if (manifest === undefined || signature === undefined || key === undefined) return [];
  const fingerprint = fingerprintOf(key);
  if (fingerprint === null) return [{ where: KEY_FILE, message: 'it holds no Ed25519 key' }];
  const problems: PackProblem[] = [];
  if (trusted !== null && fingerprintOf(trusted) !== fingerprint) problems.push({ where: KEY_FILE, message: `its key is ${fingerprint}, and the one to trust is ${fingerprintOf(trusted) ?? ''}` });
  if (!isSignedBy(trusted ?? key, 'firebreak-evidence', manifest, signature.toString('utf8'))) {
    problems.push({ where: SIGNATURE_FILE, message: `it is no signature of ${trusted === null ? `the key in ${KEY_FILE}` : 'the trusted key'} over ${MANIFEST_FILE}` });
  }
  const line = key.split(/\s+/).slice(0, 2).join(' ');
  if (files.get(SIGNERS_FILE)?.toString('utf8') !== printSigners(line)) problems.push({ where: SIGNERS_FILE, message: `it does not name the key in ${KEY_FILE} alone` });
  return problems;
}

/** Null where it cannot be read, which is then among the problems. */
function readManifest({ files }: PackBytes, problems: PackProblem[]): Manifest | null {
  const bytes = files.get(MANIFEST_FILE);
  if (bytes === undefined) return null;
  let document: unknown;
  try {
    document = JSON.parse(bytes.toString('utf8'));
  } catch {
    problems.push({ where: MANIFEST_FILE, message: 'it is no JSON document' });
    return null;
  }
  const parsed = Manifest.safeParse(document);
  if (parsed.success) return parsed.data;
  problems.push(...parsed.error.issues.slice(0, 5).map(({ path, message }) => ({ where: MANIFEST_FILE, message: `${path.join('.')}: ${message}` })));
  return null;
}

function checkHashes(manifest: Manifest, { files }: PackBytes): PackProblem[] {
  const unknown = Object.keys(manifest.files).filter((name) => !HASHED_FILES.includes(name));
  return [
    ...unknown.slice(0, 5).map((name) => ({ where: MANIFEST_FILE, message: `it has a hash of “${name}”, which is no file of a pack` })),
    ...HASHED_FILES.flatMap((name): PackProblem[] => {
      const [said, bytes] = [manifest.files[name], files.get(name)];
      if (said === undefined) return [{ where: name, message: 'the manifest does not have its hash' }];
      if (bytes === undefined) return [];
      const found = createHash('sha256').update(bytes).digest('hex');
      return found === said ? [] : [{ where: name, message: `it was changed: its sha256 is ${found}, and the manifest says ${said}` }];
    }),
  ];
}
