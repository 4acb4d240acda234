import { createHash } from 'node:crypto';
import { FirebreakError } from '../../shared/errors.ts';
import { printTables, type TableFile } from '../reports/evidence/csv-tables.ts';
import { renderEvidenceReport } from '../reports/evidence-report.ts';
import { printHowToVerify, printSigners } from '../reports/pack/how-to-verify.ts';
import { HASHED_FILES, HOW_TO_FILE, KEY_FILE, type Manifest, MANIFEST_FILE, printManifest, REPORT_FILE, SIGNATURE_FILE, SIGNERS_FILE } from '../reports/pack/manifest.ts';
import type { BackendContext } from './backend-context.ts';
import { recordChange } from './record-change.ts';
import { type EvidenceOrder, readReportEvidence } from './report-kinds.ts';
import { signingKey } from './signing-key.ts';
import { publicKeyLine, signSsh } from './ssh-signature.ts';
import { fingerprintOf } from './verify-ssh-signature.ts';

/** `pack` names it to `sealPack`. */
export type PreparedPack = { readonly pack: string; readonly fromMs: number; readonly untilMs: number; readonly html: string; readonly files: TableFile[] };

/** The pack that was prepared last in each open workspace: its PDF is made outside, and what is sealed must be what was printed. */
const prepared = new WeakMap<BackendContext['workspace'], { readonly pack: string; readonly manifest: Manifest }>();

/** Tables and report of a period. Changes nothing; only the newest can be sealed. @throws INPUT_INVALID for the period */
export function preparePack(ctx: BackendContext, order: EvidenceOrder): PreparedPack {
  const { evidence, head } = readReportEvidence(ctx, order);
  const files = printTables(evidence.sources, evidence.derived);
  const manifest: Manifest = { ...head, files: Object.fromEntries(files.map(({ name, text }) => [name, hashOf(text)])) };
  const pack = hashOf(printManifest(manifest)).slice(0, 16);
  prepared.set(ctx.workspace, { pack, manifest });
  return { pack, ...evidence.period, html: renderEvidenceReport(manifest, evidence, { kind: 'segmentation', framework: null, isPacked: true }), files };
}

/**
 * Signs the prepared pack together with the PDF that was printed of it, and gives the files that are still missing. Audited with the manifest's hash, so that the workspace
 * can tell later which packs were its own. @throws NOT_FOUND when another pack was prepared since
 */
export function sealPack(ctx: BackendContext, { pack, pdfSha256 }: { pack: string; pdfSha256: string }): { files: TableFile[]; fingerprint: string } {
  const known = prepared.get(ctx.workspace);
  if (known?.pack !== pack) throw new FirebreakError('NOT_FOUND', { what: 'prepared pack', name: pack, known: known === undefined ? [] : [known.pack] });
  const key = signingKey(ctx);
  const line = publicKeyLine(key);
  const fingerprint = fingerprintOf(line) ?? '';
  const howTo = printHowToVerify(fingerprint);
  const hashes: Readonly<Record<string, string>> = { ...known.manifest.files, [REPORT_FILE]: pdfSha256, [HOW_TO_FILE]: hashOf(howTo) };
  const text = printManifest({ ...known.manifest, files: Object.fromEntries(HASHED_FILES.map((name) => [name, hashes[name] ?? ''])) });
  const { period, workspace } = known.manifest;
  recordChange(ctx, { action: 'reports.pack', subject: workspace, detail: `${period.from} to ${period.until}, manifest sha256 ${hashOf(text)}`, groups: [] }, () => undefined);
  prepared.delete(ctx.workspace);
  const files = [
    { name: MANIFEST_FILE, text },
    { name: SIGNATURE_FILE, text: signSsh(key, 'firebreak-evidence', text) },
    { name: KEY_FILE, text: `${line}\n` },
    { name: SIGNERS_FILE, text: printSigners(line) },
    { name: HOW_TO_FILE, text: howTo },
  ];
  return { files, fingerprint };
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
