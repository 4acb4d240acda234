import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildElectron } from './build-electron.ts';

const root = new URL('../..', import.meta.url).pathname;
/** Inside the clone, so that the bundle finds its three external packages the way it will. */
let outDir = '';

beforeAll(async () => {
  mkdirSync(join(root, 'out'), { recursive: true });
  outDir = mkdtempSync(join(root, 'out', 'bundle-'));
  await buildElectron(() => undefined, outDir);
}, 60_000);
afterAll(() => rmSync(outDir, { recursive: true, force: true }));

const requiredBy = (entry: string) =>
  [...readFileSync(join(outDir, `${entry}.cjs`), 'utf8').matchAll(/\brequire\("([^"]+)"\)/g)].map((match) => match[1] ?? '');
const packagesOf = (entry: string) => [...new Set(requiredBy(entry).filter((name) => !isBuiltin(name)))].sort();

/**
 * What Electron's utility process is to the bundle: a parentPort that hands over a port. The other end talks oRPC over Node's own
 * MessagePort, which differs from Electron's in giving the data instead of an event.
 */
const harness = `
import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import { MessageChannel } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
process.parentPort = new EventEmitter();
createRequire(import.meta.url)('./backend-process.cjs');
const { port1, port2 } = new MessageChannel();
const handed = Object.assign(new EventEmitter(), { postMessage: (m) => port1.postMessage(m), start: () => port1.on('message', (data) => handed.emit('message', { data })) });
process.parentPort.emit('message', { ports: [handed] });
const client = createORPCClient(new RPCLink({ port: { postMessage: (m) => port2.postMessage(m), on: (event, listener) => port2.on(event, (data) => listener({ data })) } }));
console.log(JSON.stringify([await client.workspace.info({}), (await client.policy.get({})).policy.zones, (await client.templates.list({})).length > 15]));
process.exit(0);
`;

describe('the Electron bundle', () => {
  test('the preload is one file that requires electron and nothing else', () => {
    expect(requiredBy('preload')).toEqual(['electron']);
  });

  test('the main process requires electron and Node, the backend the two native packages and Node', () => {
    expect(packagesOf('index')).toEqual(['electron']);
    expect(packagesOf('backend-process')).toEqual(['better-sqlite3', 'ssh2', 'ssh2/lib/protocol/utils.js']);
  });

  test('the bundled backend makes the default workspace and serves the router on a port that it is given, and finds the templates', () => {
    writeFileSync(join(outDir, 'harness.mjs'), harness);
    const workspace = join(outDir, 'new', 'default.firebreak');
    const ended = spawnSync(process.execPath, [join(outDir, 'harness.mjs'), '--workspace', workspace, '--create-missing'], {
      encoding: 'utf8',
      env: { ...process.env, XDG_CONFIG_HOME: join(outDir, 'config') },
      timeout: 30_000,
    });
    expect(ended.stderr).toBe('');
    expect(JSON.parse(ended.stdout)).toEqual([expect.objectContaining({ path: workspace, hosts: 0 }), [], true]);
  });
});
