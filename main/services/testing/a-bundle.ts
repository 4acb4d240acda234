import { createHash, createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';
import type { AgentFacts } from '../../../shared/contract/agent-replies.ts';
import type { BundleManifest } from '../../imports/bundle/bundle-manifest.ts';
import { signSsh } from '../ssh-signature.ts';
import { someFacts } from './some-facts.ts';
import { TEST_NOW_MS, type TestBackend } from './test-backend.ts';

/** A stick as a test holds it. */
export type TestStick = { kit: string; key: KeyObject };
/** Made by the console, in a folder beside the workspace that is gone again. */
export async function makeStick({ client, path }: Pick<TestBackend, 'client' | 'path'>): Promise<TestStick> {
  const folder = mkdtempSync(join(dirname(path), 'stick-'));
  try {
    const { id } = await client.bundles.makeKit({ folder });
    return { kit: id, key: createPrivateKey(readFileSync(join(folder, 'kit/site-key.pem'))) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export type Entry = { name: string; content: string | Buffer; header?: Partial<Header> };
export async function packTar(entries: readonly Entry[]): Promise<Buffer> {
  const tar = pack();
  const bytes = buffer(tar);
  for (const { name, content, header } of entries) tar.entry({ name, mode: 0o600, mtime: new Date(0), ...header }, Buffer.from(content));
  tar.finalize();
  return bytes;
}
export const packEntries = async (entries: readonly Entry[]): Promise<Buffer> => gzipSync(await packTar(entries));

type Session = { direction: 'in' | 'out' | 'routed' | 'unknown'; local: string; localPort: number; peer: string; peerPort: number };
export const sessionsText = (sessions: readonly Session[]): string =>
  JSON.stringify({ v: 1, clock: 0, tracking: 'none', sessions: sessions.map((one) => ({ protocol: 'tcp', path: 'local', uid: 0, user: 'root', process: 'p', unit: null, ageSeconds: null, ...one })), total: sessions.length, truncated: false });

export type BundleOrder = {
  hostname?: string;
  machineId?: string;
  /** Minutes before the test's now. */
  minutesAgo?: number;
  stick?: TestStick | null;
  with?: 'ssh' | 'openssl';
  facts?: Partial<AgentFacts>;
  sessions?: readonly Session[];
  files?: Readonly<Record<string, string | Buffer>>;
  manifest?: Partial<BundleManifest>;
};
let drawn = 0;

/** The files of a bundle as a collector writes them, manifest first, for tests to alter before they pack them. */
export function bundleEntries({ hostname = 'plc-gw', machineId = 'a'.repeat(32), minutesAgo = 60, stick = null, with: tool = 'ssh', facts = {}, sessions = [], files = {}, manifest = {} }: BundleOrder = {}): Entry[] {
  drawn += 1;
  const said = { ...someFacts({ ports: [22], addresses: ['10.9.0.5'] }), hostname, machineId, ...facts };
  const held: Record<string, string | Buffer> = { 'facts.json': JSON.stringify(said), 'sessions.json': sessionsText(sessions), ...files };
  const text = JSON.stringify({
    format: 'firebreak-collection/1', kind: 'collection', id: drawn.toString(16).padStart(32, '0'), collector: '0.1.0', clock: TEST_NOW_MS / 1000 - minutesAgo * 60, hostname, machineId, root: true,
    kit: stick?.kit ?? null, seal: stick === null ? 'none' : tool, absences: [], files: Object.fromEntries(Object.entries(held).map(([name, content]) => [name, createHash('sha256').update(content).digest('hex')])), ...manifest,
  });
  const seals = stick === null ? [] : [tool === 'ssh' ? { name: 'manifest.json.sig', content: signSsh(stick.key, 'firebreak-collection', text) } : { name: 'manifest.json.ed25519', content: sign(null, Buffer.from(text), stick.key) }];
  return [{ name: 'manifest.json', content: text }, ...seals, ...Object.entries(held).map(([name, content]) => ({ name, content }))];
}

export const aBundle = (order: BundleOrder = {}): Promise<Buffer> => packEntries(bundleEntries(order));
