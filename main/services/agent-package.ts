import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { FirebreakError } from '../../shared/errors.ts';

/** One file of the agent as it will lie in the unpacked folder; `name` is relative, with slashes. */
export type AgentFile = { name: string; content: Buffer; sha256: string; mode: number };
export type AgentPackage = { version: string; files: readonly AgentFile[]; manifest: string };

const PROGRAM_MODE = 0o700;
const FILE_MODE = 0o600;
const isProgram = (name: string) => name === 'firebreak-agent' || name === 'install.sh';
/** Everything else in agent/ is for developers. */
const belongsOnHosts = (name: string) => ['firebreak-agent', 'install.sh', 'VERSION'].includes(name) || /^(lib\/[a-z0-9-]+\.(sh|awk)|units\/[a-z0-9.-]+)$/.test(name);

export const MANIFEST_NAME = 'MANIFEST';
export const MANIFEST_SIGNATURE_NAME = 'MANIFEST.sig';
export const OBSERVE_NAME = 'observe.nft';

/**
 * Reads the agent from `agentDir`. Files are sorted by name; `manifest` is in the format of sha256sum(1).
 * @throws FILE_NOT_READABLE
 */
export async function readAgentPackage(agentDir: string): Promise<AgentPackage> {
  try {
    const entries = await readdir(agentDir, { recursive: true, withFileTypes: true });
    const names = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(join(agentDir, '/').length).replaceAll('\\', '/'));
    const files = await Promise.all(
      names
        .filter(belongsOnHosts)
        .sort()
        .map(async (name): Promise<AgentFile> => {
          const content = await readFile(join(agentDir, name));
          return { name, content, sha256: sha256Of(content), mode: isProgram(name) ? PROGRAM_MODE : FILE_MODE };
        }),
    );
    const version = files.find((file) => file.name === 'VERSION')?.content.toString('utf8').trim();
    if (version === undefined || !files.some((file) => file.name === 'firebreak-agent')) {
      throw new FirebreakError('FILE_NOT_READABLE', { path: agentDir, detail: 'firebreak-agent or VERSION is not in it' });
    }
    return { version, files, manifest: files.map((file) => `${file.sha256}  ${file.name}\n`).join('') };
  } catch (error) {
    if (error instanceof FirebreakError) throw error;
    throw new FirebreakError('FILE_NOT_READABLE', { path: agentDir, detail: error instanceof Error ? error.message : 'unknown' }, { cause: error });
  }
}

/** The tar (ustar, uncompressed, byte-stable for equal input) that is unpacked on a host: the agent, MANIFEST and the observe bundle; null where that comes by itself. */
export async function packAgent(agent: AgentPackage, observeBundle: string | null, manifestSignature: string): Promise<Buffer> {
  const tar = pack();
  const bytes = buffer(tar);
  const add = (name: string, content: Buffer | string, mode: number) => {
    tar.entry({ name, mode, uid: 0, gid: 0, uname: 'root', gname: 'root', mtime: new Date(0) }, content);
  };
  for (const folder of ['lib', 'units']) tar.entry({ name: `${folder}/`, type: 'directory', mode: PROGRAM_MODE, uid: 0, gid: 0, mtime: new Date(0) });
  for (const file of agent.files) add(file.name, file.content, file.mode);
  add(MANIFEST_NAME, agent.manifest, FILE_MODE);
  add(MANIFEST_SIGNATURE_NAME, manifestSignature, FILE_MODE);
  if (observeBundle !== null) add(OBSERVE_NAME, observeBundle, FILE_MODE);
  tar.finalize();
  return bytes;
}

/** The agent without anything of a host, as text: to be unpacked by `base64 -d | tar -xzf -`. */
export async function packAgentAsText(agent: AgentPackage, manifestSignature: string): Promise<string> {
  const lines = gzipSync(await packAgent(agent, null, manifestSignature), { level: 9 }).toString('base64').match(/.{1,76}/g) ?? [];
  return `${lines.join('\n')}\n`;
}

function sha256Of(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
