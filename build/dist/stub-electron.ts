import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createPackage } from '@electron/asar';

/** Source: @electron/fuses, SENTINEL; then the version of the wire, its length, and a byte a fuse. */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
/** As Electron is shipped: run as Node, NODE_OPTIONS, --inspect, privileges of file: and trap handlers on, everything else off. */
const SHIPPED_WIRE = '101100011';

const libraries = ['libEGL.so', 'libGLESv2.so', 'libffmpeg.so', 'libvk_swiftshader.so', 'libvulkan.so.1', 'chrome_crashpad_handler', 'chrome-sandbox'];
const data = ['LICENSE', 'LICENSES.chromium.html', 'chrome_100_percent.pak', 'chrome_200_percent.pak', 'icudtl.dat', 'resources.pak', 'snapshot_blob.bin', 'v8_context_snapshot.bin', 'vk_swiftshader_icd.json'];
const locales = ['de', 'en-GB', 'en-US', 'fr', 'zh-CN'];

function put(dir: string, name: string, content: string | Buffer, program = false): void {
  const path = join(dir, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  if (program) chmodSync(path, 0o755);
}

/**
 * A folder that looks to electron-builder like Electron's unpacked Linux runtime, for machines that cannot fetch it. It proves the configuration
 * (what is packed, and how the fuses are set) and starts nothing: its program is a header, the fuse wire and no code.
 */
export async function makeStubElectron(dir: string, version: string): Promise<void> {
  const elf = Buffer.alloc(4096);
  elf.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  put(dir, 'electron', Buffer.concat([elf, Buffer.from(SENTINEL, 'latin1'), Buffer.from([1, SHIPPED_WIRE.length]), Buffer.from(SHIPPED_WIRE, 'latin1'), elf]), true);
  for (const name of libraries) put(dir, name, `stub of ${name}\n`, true);
  for (const name of data) put(dir, name, `stub of ${name}\n`);
  for (const locale of locales) put(dir, `locales/${locale}.pak`, `stub of ${locale}\n`);
  put(dir, 'version', version);
  const welcome = mkdtempSync(join(tmpdir(), 'firebreak-welcome-'));
  put(welcome, 'package.json', '{"name":"stub","main":"main.js"}');
  put(welcome, 'main.js', '');
  mkdirSync(join(dir, 'resources'), { recursive: true });
  await createPackage(welcome, join(dir, 'resources', 'default_app.asar'));
  rmSync(welcome, { recursive: true });
}
