import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkGolden } from '../check-golden.ts';
import { GOLDENS_DIR } from '../golden-cases.ts';
import { EXPORT_CASES, exportCase } from './export-cases.ts';

/** FIREBREAK_NO_NFT=1 is for machines without nft or root. */
const isWithoutNft = process.env.FIREBREAK_NO_NFT === '1';
const files = EXPORT_CASES.flatMap((name) => exportCase(name));

/** Standard output of a shell script in a network namespace of its own, which ends with it: the machine's own rules are never touched. The text is $0's standard input. */
function inNamespace(script: string, input: string): string {
  const { status, stdout, stderr, error } = spawnSync('unshare', ['-n', 'sh', '-ec', script], { input, encoding: 'utf8', env: { ...process.env, TZ: 'America/New_York' } });
  if (error) throw new Error(`unshare cannot be run (${error.message}); set FIREBREAK_NO_NFT=1 to leave these tests out`);
  if (status !== 0) throw new Error(`${script} exited with ${status}: ${stderr}`);
  return stdout;
}

const HOLD = 'file=$(mktemp); trap \'rm -f "$file"\' EXIT; cat > "$file"';
const restoreTwice = (family: 'iptables' | 'ip6tables', kind: '' | '-legacy') => `${HOLD}; ${family}${kind}-restore --test "$file"; ${family}${kind}-restore --noflush "$file"; ${family}${kind} -S; echo ----; ${family}${kind}-restore --noflush "$file"; ${family}${kind} -S`;
/** The older iptables, where the machine and its kernel have it. */
const hasLegacy = spawnSync('unshare', ['-n', 'sh', '-ec', 'iptables-legacy -S && ip6tables-legacy -S']).status === 0;
const legacy = (family: 'iptables' | 'ip6tables') => (hasLegacy ? [restoreTwice(family, '-legacy')] : []);

const LOADERS: Readonly<Record<string, readonly string[]>> = {
  'nftables-gateway': [`${HOLD}; nft -c -f "$file"; nft -f "$file"; nft -s list ruleset; echo ----; nft -f "$file"; nft -s list ruleset`],
  'iptables-gateway.v4': [restoreTwice('iptables', ''), ...legacy('iptables')],
  'iptables-gateway.v6': [restoreTwice('ip6tables', ''), ...legacy('ip6tables')],
};

describe('every export', () => {
  it.each(files)('$fileName comes out as it is stored', checkGolden);

  it('belongs to a case that still exists', () => {
    const stored = readdirSync(`${GOLDENS_DIR}exports`).filter((name) => name.endsWith('.golden'));
    expect(stored.filter((name) => !files.some(({ fileName }) => fileName === `exports/${name}`))).toEqual([]);
  });
});

describe.skipIf(isWithoutNft)('the kernel', () => {
  const loadable = files.flatMap((file) => (LOADERS[`${file.target}${file.suffix}`] ?? []).map((loader) => ({ ...file, loader })));
  it.each(loadable)('takes $fileName and has the same rules after a second load', ({ text, loader }) => {
    const [first, second] = inNamespace(loader, text).split('----\n');
    expect(first).toMatch(/firebreak_gateway|FBGW-FORWARD/);
    expect(second).toBe(first);
  });
});

/** Neither in Debian nor on npm; where it is installed, it reads what is meant for it. Its providers, which know each field, cannot be had without a network. */
const hasTerraform = spawnSync('terraform', ['version']).status === 0;

describe.skipIf(!hasTerraform)('Terraform', () => {
  it.each(files.filter(({ target }) => target === 'aws' || target === 'azure'))('reads $fileName', ({ text, target }) => {
    const folder = mkdtempSync(join(tmpdir(), 'firebreak-terraform-'));
    try {
      writeFileSync(join(folder, 'firebreak.tf.json'), text);
      const { status, stdout, stderr } = spawnSync('terraform', ['providers'], { cwd: folder, encoding: 'utf8', env: { ...process.env, CHECKPOINT_DISABLE: '1' } });
      expect([status, stdout], stderr).toEqual([0, expect.stringContaining(`hashicorp/${target === 'aws' ? 'aws' : 'azurerm'}]`)]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
