import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { extractAll } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { purlOf } from '../../build/dist/bill-of-materials.ts';
import { buildPieces } from '../../build/dist/build-pieces.ts';
import { fuseConfig } from '../../build/dist/fuses.ts';
import { packCli } from '../../build/dist/pack-cli.ts';
import { pack } from '../../build/dist/pack.ts';
import { readVersion } from '../../build/dist/read-version.ts';
import type { ShippedPackage } from '../../build/dist/shipped-packages.ts';
import { makeStubElectron } from '../../build/dist/stub-electron.ts';
import { expectList, hashesOf, listArchive, listFolder, packagesOfBundle } from './read-package.ts';

/** What `npm run dist -- --stub` does, looked at. Nothing here starts Electron: its runtime cannot be had on every machine. */
const root = new URL('../..', import.meta.url).pathname.replace(/\/$/, '');
const work = mkdtempSync(join(tmpdir(), 'firebreak-dist-'));
const stub = join(work, 'stub');
const unpacked = join(work, 'first', 'linux-unpacked');
const resources = join(unpacked, 'resources');
const archive = join(resources, 'app.asar');
/** The archive with what lies beside it, as a folder. */
const app = join(work, 'app');
const addon = `node_modules/better-sqlite3/prebuilds/linux-${process.arch}.node`;
let packages: readonly ShippedPackage[] = [];

const packInto = (name: string) => pack({ root, outputDir: join(work, name), electronDist: stub, onlyFolder: true });

beforeAll(async () => {
  // Somebody may commit while this runs.
  vi.stubEnv('SOURCE_DATE_EPOCH', '1790000000');
  packages = await buildPieces(root, () => undefined);
  await makeStubElectron(stub, readVersion(root, 'electron'));
  await packInto('first');
  extractAll(archive, app);
}, 900_000);
afterAll(() => rmSync(work, { recursive: true, force: true }));

describe('the packaged folder', () => {
  test('has in its archive exactly what is listed', () => {
    expectList('archive', listArchive(archive));
  });

  test('has beside its archive exactly what is listed', () => {
    expectList('beside', listFolder(unpacked));
  });

  test('holds no source map, no test, nothing of this clone’s place, and no secret', () => {
    const texts = [...listFolder(app).map((name) => join(app, name)), ...listFolder(unpacked).map((name) => join(unpacked, name))].map((path) => path.replace(/\*$/, ''));
    const wrong = texts.flatMap((path) => {
      const text = readFileSync(path, 'latin1');
      const reasons = [
        [/\.map$|\.test\.|-test\.|\/testing\/|\.env|\.npmrc|\.git/.test(path.slice(work.length)), 'its name'],
        [/\/[/*][#@] ?sourceMappingURL=(?!data:)\S/.test(text) && !path.includes('/playwright-core/') && !path.endsWith('/firebreak'), 'names a source map'],
        [text.includes(root), 'names this clone'],
        [/-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{40}/.test(text) && !path.endsWith('/firebreak'), 'holds a private key'],
      ] as const;
      return reasons.filter(([found]) => found).map(([, reason]) => `${path.slice(work.length)}: ${reason}`);
    });
    expect(wrong).toEqual([]);
  });

  test('is the same bytes when it is packed again', async () => {
    await packInto('second');
    expect(hashesOf(join(work, 'second', 'linux-unpacked'))).toEqual(hashesOf(unpacked));
  });
});

describe('the Debian package, as far as the tool that makes it', () => {
  test('has the app in /opt, the command line on the path, completions and the manual page, and says whose it is', async () => {
    const seen: unknown[] = [];
    await pack({ root, outputDir: join(work, 'first'), electronDist: stub, onlyFolder: false, look: { folder: unpacked, targets: ['deb'], see: (options) => void seen.push(options) } });
    const [[args]] = z.tuple([z.tuple([z.array(z.string()), z.string()])]).parse(seen);
    const argOf = (name: string) => args[args.indexOf(name) + 1];
    expect([argOf('--maintainer'), argOf('--url'), argOf('--license'), argOf('--name')]).toEqual(['unnamed <unnamed@firebreak.invalid>', 'https://firebreak.invalid', 'Apache-2.0', 'firebreak']);
    const placed = args.filter((arg) => /^\/.*=\//.test(arg)).map((arg) => arg.slice(arg.indexOf('=') + 1));
    expect(placed).toEqual(expect.arrayContaining(['/usr/share', '/usr/bin/firebreak', '/opt/Firebreak']));
    expect(args).toContain(`${join(root, 'out/dist/share')}/=/usr/share`);
  });
});

describe('the fuses', () => {
  test('are as decided, each of them, in the program’s own bytes; the stub had them as Electron ships them', async () => {
    const { version, ...wire } = await getCurrentFuseWire(join(unpacked, 'firebreak-console'));
    const { version: wanted, strictlyRequireAllFuses: _all, resetAdHocDarwinSignature: _mac, ...decided } = fuseConfig;
    expect(version).toBe(wanted);
    expect(wire).toEqual(Object.fromEntries(Object.entries(decided).map(([fuse, on]) => [fuse, on === true ? FuseState.ENABLE : FuseState.DISABLE])));
    expect(Object.keys(wire)).toHaveLength(Object.values(FuseV1Options).filter((value) => typeof value === 'number').length);
    expect(await getCurrentFuseWire(join(stub, 'electron'))).toMatchObject({ [FuseV1Options.RunAsNode]: FuseState.ENABLE, [FuseV1Options.OnlyLoadAppFromAsar]: FuseState.DISABLE });
  });

  test('leave nothing else to load: no welcome page of Electron’s', () => {
    expect(existsSync(join(stub, 'resources', 'default_app.asar'))).toBe(true);
    expect(existsSync(join(resources, 'default_app.asar'))).toBe(false);
  });
});

describe('the native part', () => {
  test('lies outside of the archive, is for this CPU, and speaks Node-API, which is the same in Electron and Node', () => {
    const binary = readFileSync(join(resources, 'app.asar.unpacked', addon));
    // ELF's number of the CPU. Source: elf(5), e_machine.
    const machine = process.arch === 'arm64' ? 0xb7 : 0x3e;
    expect([binary.subarray(0, 4).toString('latin1'), binary.readUInt16LE(18)]).toEqual(['\u007fELF', machine]);
    // An addon that is bound to one ABI has node_register_module_vNNN instead. Source: https://nodejs.org/api/n-api.html
    expect(binary.includes('napi_register_module_v1')).toBe(true);
    expect(binary.includes('node_register_module_v')).toBe(false);
  });

  test('and the packed bundle are enough to serve a workspace: nothing is missing in the archive', () => {
    const workspace = join(work, 'served.firebreak');
    writeFileSync(join(work, 'serve.mjs'), serveOnce);
    const ended = spawnSync(process.execPath, [join(work, 'serve.mjs'), '--workspace', workspace, '--create-missing', '--agent-dir', join(resources, 'agent/')], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: work, XDG_CONFIG_HOME: work, APP: app },
      timeout: 60_000,
    });
    expect(ended.stderr).toBe('');
    expect(JSON.parse(ended.stdout)).toEqual({ path: workspace, templates: expect.any(Number), ssh: 'function' });
  });

  test('ssh2 comes without its optional native part', () => {
    expect(listArchive(archive).filter((name) => /cpu-features|sshcrypto|\.node\b/.test(name))).toEqual([`${addon} (unpacked)`]);
  });
});

/** Electron's utility process as the backend sees it, and a client at the other end of its port. */
const serveOnce = `
import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import { MessageChannel } from 'node:worker_threads';
const fromApp = createRequire(process.env.APP + '/package.json');
const { createORPCClient } = await import(${JSON.stringify(import.meta.resolve('@orpc/client'))});
const { RPCLink } = await import(${JSON.stringify(import.meta.resolve('@orpc/client/message-port'))});
process.parentPort = new EventEmitter();
fromApp('./out/main/backend-process.cjs');
const { port1, port2 } = new MessageChannel();
const handed = Object.assign(new EventEmitter(), { postMessage: (m) => port1.postMessage(m), start: () => port1.on('message', (data) => handed.emit('message', { data })) });
process.parentPort.emit('message', { ports: [handed] });
const client = createORPCClient(new RPCLink({ port: { postMessage: (m) => port2.postMessage(m), on: (event, listener) => port2.on(event, (data) => listener({ data })) } }));
const { path } = await client.workspace.info({});
console.log(JSON.stringify({ path, templates: (await client.templates.list({})).length, ssh: typeof fromApp('ssh2').Client }));
process.exit(0);
`;

describe('licences and bill of materials', () => {
  const Bom = z.looseObject({ components: z.array(z.looseObject({ purl: z.string(), licenses: z.array(z.looseObject({ expression: z.string() })) })) });

  test('the bill is valid CycloneDX and names exactly what is shipped', async () => {
    const text = readFileSync(join(resources, 'sbom.cdx.json'), 'utf8');
    expect(text).toContain('"timestamp": "2026-09-21T14:13:20.000Z"');
    expect(await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(text)).toBeNull();
    expect(Bom.parse(JSON.parse(text)).components.map(({ purl }) => purl).toSorted()).toEqual(packages.map(purlOf).toSorted());
  });

  test('what is in the archive’s node_modules is what the bill says of the app', () => {
    const inArchive = new Set(listArchive(archive).map((name) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(name)?.[1]).filter((name) => name !== undefined));
    const billed = packages.filter(({ parts }) => parts.includes('app')).map(({ name }) => name);
    expect([...inArchive].filter((name) => !billed.includes(name))).toEqual([]);
    expect([...inArchive].toSorted()).toEqual(['asn1', 'bcrypt-pbkdf', 'better-sqlite3', 'safer-buffer', 'ssh2', 'tweetnacl']);
  });

  test.each(['page', 'app'] as const)('every package of which the %s has code is billed, and none of which it has not', async (part) => {
    // Source maps of the same builds: another source than the modules that the bill is made from.
    const found = await packagesOfBundle(root, part, join(work, `mapped-${part}`));
    const billed = packages.filter(({ parts, name }) => parts.includes(part) && !['electron', 'sqlite'].includes(name)).map(({ name }) => name);
    expect(found.length).toBeGreaterThan(5);
    expect(found.filter((name) => !billed.includes(name))).toEqual([]);
    // What lies in the archive as it came, and style sheets and fonts, have no code in a bundle.
    expect(billed.filter((name) => !found.includes(name) && !name.startsWith('@fontsource/') && !existsSync(join(app, 'node_modules', name)))).toEqual([]);
  });

  test('every shipped package is in the licence file with a text of its own', () => {
    const text = readFileSync(join(resources, 'THIRD-PARTY-LICENSES.txt'), 'utf8');
    for (const { name, version, licence, texts } of packages) {
      expect(text).toContain(`  ${name} ${version} (${licence})`);
      expect(texts.length).toBeGreaterThan(0);
      for (const { text: own } of texts) expect(text).toContain(own);
    }
  });

  test('all are under licences that let us give them away with ours', () => {
    const known = new Set(['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD', 'BlueOak-1.0.0', 'Unlicense', 'OFL-1.1', 'blessing', 'MIT OR Apache-2.0']);
    expect(packages.filter(({ licence }) => !known.has(licence)).map(({ name, licence }) => `${name}: ${licence}`)).toEqual([]);
  });
});

describe('the command line beside the app', () => {
  const cli = join(resources, 'cli/bin/firebreak');
  const run = (args: readonly string[], env: Record<string, string> = {}, program = cli) =>
    spawnSync(program, args, { encoding: 'utf8', cwd: work, env: { PATH: '/usr/bin:/bin', HOME: work, ...env }, timeout: 200_000 });

  test('works on a workspace, with templates and agent, without Node, Electron or a screen', () => {
    expect(run(['--version']).stdout).toBe(`${readVersion(root)}\n`);
    expect(run(['sample', 'create', 'sample.firebreak']).status).toBe(0);
    expect(run(['--workspace', 'sample.firebreak', '--json', 'workspace', 'info']).stdout).toContain('"sample": true');
    expect(run(['--workspace', 'sample.firebreak', 'template', 'list']).stdout).toContain('postgresql-cluster');
  });

  test('runs nobody else’s script: not by option, not by environment, not by a module that lies about', () => {
    const script = join(work, 'evil.cjs');
    writeFileSync(script, `require('node:fs').writeFileSync(${JSON.stringify(join(work, 'evil-ran'))}, '')`);
    mkdirSync(join(work, 'node_modules/cpu-features'), { recursive: true });
    writeFileSync(join(work, 'node_modules/cpu-features/index.js'), readFileSync(script));
    run(['--version'], { NODE_OPTIONS: `--require ${script}`, ELECTRON_RUN_AS_NODE: '1' });
    run([script], { ELECTRON_RUN_AS_NODE: '1' });
    run(['--require', script, '--version']);
    expect(run(['-e', 'process.exit(0)']).status).toBe(2);
    expect(existsSync(join(work, 'evil-ran'))).toBe(false);
  });

  test.skipIf(spawnSync('chromium', ['--version']).status !== 0)('prints a PDF with an installed Chromium', () => {
    const ended = run(['--workspace', 'sample.firebreak', 'report', 'inventory', '--out', 'report.pdf'], { FIREBREAK_TEST_NO_SANDBOX: '1' });
    expect(ended.stderr).not.toContain('INTERNAL');
    expect(readFileSync(join(work, 'report.pdf')).subarray(0, 5).toString()).toBe('%PDF-');
  });

  test('is an archive by itself, too, with its own bill; the same bytes each time', async () => {
    const path = await packCli(root, join(work, 'cli-1'), packages);
    const again = await packCli(root, join(work, 'cli-2'), packages);
    expect(readFileSync(again).equals(readFileSync(path))).toBe(true);
    execFileSync('tar', ['-xzf', path, '-C', work]);
    const folder = join(work, `firebreak-cli-${readVersion(root)}-linux-${process.arch}`);
    expectList('cli', listFolder(folder));
    expect(run(['--workspace', 'sample.firebreak', 'template', 'list'], {}, join(folder, 'cli/bin/firebreak')).stdout).toContain('postgresql-cluster');
    expect(readFileSync(join(folder, 'sbom.cdx.json'), 'utf8')).not.toContain('pkg:npm/react@');
  });
});
