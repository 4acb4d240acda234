import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

/**
 * Adds to package-lock.json the optional platform packages that npm left out, so that `npm ci` accepts the file. Idempotent.
 *
 * Run it after `npm install` on a machine whose registry does not carry every platform's binaries (404 for
 * `@biomejs/cli-darwin-arm64`, say): npm then silently drops them, and `npm ci` fails everywhere with EUSAGE “Missing … from lock file”.
 * Such an entry has no `integrity`, because nobody here has seen the tarball; npm downloads it only on that platform.
 */
const Entry = z.looseObject({
  version: z.string().optional(),
  dev: z.boolean().optional(),
  optional: z.boolean().optional(),
  os: z.array(z.string()).optional(),
  cpu: z.array(z.string()).optional(),
  libc: z.array(z.string()).optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
});
type Entry = z.infer<typeof Entry>;
const Lock = z.looseObject({ packages: z.record(z.string(), Entry) });

const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const cpus = ['arm64', 'x64', 'ia32', 'arm', 'ppc64', 'riscv64', 's390x', 'loong64', 'mips64el'];

/** `…/cli-linux-x64-musl` → its os, cpu and libc fields. Unknown names give none, and npm then tries them and may fail quietly. */
function platformOf(name: string): Pick<Entry, 'os' | 'cpu' | 'libc'> {
  const words = name.split(/[/-]/);
  const os = systems.filter((s) => words.includes(s));
  const cpu = cpus.filter((c) => words.includes(c));
  const libc = words.some((w) => w.startsWith('musl')) ? ['musl'] : words.some((w) => w.startsWith('gnu')) ? ['glibc'] : [];
  return { ...(cpu.length > 0 ? { cpu } : {}), ...(libc.length > 0 ? { libc } : {}), ...(os.length > 0 ? { os } : {}) };
}

/** Shape: the same lock object with missing entries added, keys sorted the way npm sorts them. Pure. */
export function completeLock<Lock extends { packages: Record<string, Entry> }>(lock: Lock): { lock: Lock; added: string[] } {
  const packages = { ...lock.packages };
  const added: string[] = [];
  for (const entry of Object.values(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const key = `node_modules/${name}`;
      // Only exact versions: for a range we would have to guess what npm would choose.
      if (packages[key] !== undefined || !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) continue;
      packages[key] = { version, ...platformOf(name), ...(entry.dev === true ? { dev: true } : {}), optional: true };
      added.push(`${name}@${version}`);
    }
  }
  const sorted = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en')));
  return { lock: { ...lock, packages: sorted }, added };
}

if (import.meta.main) {
  const file = new URL('../../package-lock.json', import.meta.url);
  const { lock, added } = completeLock(Lock.parse(JSON.parse(readFileSync(file, 'utf8'))));
  if (added.length > 0) writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(added.length === 0 ? 'package-lock.json is complete' : `added ${added.length}: ${added.join(', ')}`);
}
