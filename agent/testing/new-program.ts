import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packProgram, type Sandbox } from './sandbox.ts';

/** Another version of the program, beside that of the sandbox, as a console would have unpacked it. `changes`: what each file becomes. Gone with the sandbox. */
export function packVersion(sandbox: Sandbox, version: string, changes: Readonly<Record<string, (text: string) => string>> = {}): string {
  const dir = `${sandbox.programDir}-${version}`;
  packProgram(dir);
  const all: [string, (text: string) => string][] = [['VERSION', () => `${version}\n`], ...Object.entries(changes)];
  const manifestPath = join(dir, 'MANIFEST');
  let manifest = readFileSync(manifestPath, 'utf8');
  for (const [name, change] of all) {
    const before = readFileSync(join(dir, name), 'utf8');
    const after = change(before);
    if (after === before) throw new Error(`nothing was changed in ${name}`);
    writeFileSync(join(dir, name), after);
    manifest = manifest.replace(new RegExp(`^[0-9a-f]{64}(?=  ${name.replaceAll('.', '\\.')}$)`, 'm'), createHash('sha256').update(after).digest('hex'));
  }
  writeFileSync(manifestPath, manifest);
  return dir;
}

/** What a refused or failed install must leave as it was: the program by its path, its links, the state, the rules. */
export async function readHost(sandbox: Sandbox): Promise<string[]> {
  const files = await sandbox.run(
    'cd /usr/local/lib/firebreak/ && find . -type f | sort | xargs sha256sum; readlink /usr/local/lib/firebreak /usr/local/sbin/firebreak-agent; find /etc/firebreak /var/lib/firebreak -type f | sort | xargs sha256sum; ls -d /usr/local/lib/* /var/lib/firebreak/*; ls -A /run/firebreak',
  );
  return [...files.stdout.split('\n'), (await sandbox.run('nft -s list ruleset')).stdout];
}
