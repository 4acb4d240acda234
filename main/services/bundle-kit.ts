import { createHash, generateKeyPairSync } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KitId, type KitMade } from '../../shared/contract/bundles.ts';
import { FirebreakError } from '../../shared/errors.ts';
import { deleteKit, findKit, insertKit, listKits } from '../db/kit-store.ts';
import { MANIFEST_NAME, MANIFEST_SIGNATURE_NAME, readAgentPackage } from './agent-package.ts';
import type { BackendContext } from './backend-context.ts';
import { printOpensshPrivateKey } from './openssh-private-key.ts';
import { recordChange } from './record-change.ts';
import { signingKey } from './signing-key.ts';
import { publicKeyLine, signSsh } from './ssh-signature.ts';
import { assertEmptyFolder, type CarriedFile, writeCarriedFiles } from './stick-files.ts';
import { printStickReadme } from './stick-readme.ts';
import { resolveTyped } from './workspace-paths.ts';

/** Paths on the stick: the agent as it lies in the repository, programs to begin with, and the kit. */
const AGENT = 'agent';
const launcher = (program: string): string => `#!/bin/sh\nexec sh "$(dirname -- "$0")/${AGENT}/collect/${program}.sh" "$@"\n`;

export type Kit = { id: KitMade['id']; line: string; files: CarriedFile[] };

/**
 * A stick with a key of its own, of which only the public part is kept here: bundles that are signed with it are taken as that stick's. It shows that a bundle was made
 * by whoever held the stick, and was not changed since; not that the host told the truth. The key is known here once all of it is written, so that a stick that failed is no stick of ours.
 * @throws INPUT_INVALID for a folder that is not empty · FILE_NOT_WRITABLE · FILE_NOT_READABLE for the agent's folder
 */
export async function makeKit(ctx: BackendContext, typed: string): Promise<KitMade> {
  const folder = resolveTyped(typed, ctx.workspace.path);
  await assertEmptyFolder(folder);
  const kit = await buildKit(ctx);
  await writeCarriedFiles(folder, kit.files);
  recordKit(ctx, kit);
  return { id: kit.id, folder, files: kit.files.map(({ path }) => path) };
}

/** It is known here from now on: to be called once its files are written. */
export function recordKit(ctx: BackendContext, { id, line }: Pick<Kit, 'id' | 'line'>): void {
  recordChange(ctx, { action: 'bundles.makeKit', subject: id, detail: line, groups: ['hosts'] }, (tx) => insertKit(tx, { id, publicKey: line, madeAtMs: ctx.nowMs(), madeBy: ctx.user }));
}

const file = (path: string, text: string): CarriedFile => ({ path, text, mode: 'file' });

/** A kit's own key, with the console's public one beside it. */
export function drawKitKey(ctx: BackendContext): Kit {
  const { privateKey } = generateKeyPairSync('ed25519');
  const line = publicKeyLine(privateKey);
  const id = KitId.parse(`k_${createHash('sha256').update(line).digest('hex').slice(0, 12)}`);
  return {
    id,
    line,
    files: [
      file('kit/kit', `id=${id}\nsigner=${publicKeyLine(signingKey(ctx))}\n`),
      file('kit/site-key.pub', `${line}\n`),
      { path: 'kit/site-key', text: printOpensshPrivateKey(privateKey, id), mode: 'secret' },
      { path: 'kit/site-key.pem', text: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), mode: 'secret' },
    ],
  };
}

async function buildKit(ctx: BackendContext): Promise<Kit> {
  const [agent, collector] = await Promise.all([readAgentPackage(ctx.agentDir), readCollector(join(ctx.agentDir, 'collect'))]);
  const { id, line, files: keys } = drawKitKey(ctx);
  const files: CarriedFile[] = [
    file('README.txt', printStickReadme({ kit: id, madeAtMs: ctx.nowMs(), madeBy: ctx.user })),
    { path: 'firebreak-collect', text: launcher('collect'), mode: 'program' },
    { path: 'firebreak-apply', text: launcher('apply'), mode: 'program' },
    ...keys,
    ...agent.files.map(({ name, content }) => file(`${AGENT}/${name}`, content.toString('utf8'))),
    file(`${AGENT}/${MANIFEST_NAME}`, agent.manifest),
    file(`${AGENT}/${MANIFEST_SIGNATURE_NAME}`, signSsh(signingKey(ctx), 'firebreak-agent', agent.manifest)),
    ...collector.map(({ name, text }) => file(`${AGENT}/collect/${name}`, text)),
  ];
  return { id, line, files };
}

/** @throws NOT_FOUND */
export function forgetKit(ctx: BackendContext, id: string): void {
  if (findKit(ctx.workspace.read, id) === undefined)
    throw new FirebreakError('NOT_FOUND', { what: 'kit', name: id, known: listKits(ctx.workspace.read).map((kit) => kit.id) });
  recordChange(ctx, { action: 'bundles.forgetKit', subject: id, detail: '', groups: ['hosts'] }, (tx) => deleteKit(tx, id));
}

async function readCollector(folder: string): Promise<{ name: string; text: string }[]> {
  try {
    const names = (await readdir(folder, { recursive: true }))
      .map((name) => name.replaceAll('\\', '/'))
      .filter((name) => name.endsWith('.sh'))
      .sort();
    return await Promise.all(names.map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') })));
  } catch (error) {
    throw new FirebreakError('FILE_NOT_READABLE', { path: folder, detail: error instanceof Error ? error.message : 'unknown' }, { cause: error });
  }
}
