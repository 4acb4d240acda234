import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRunNow } from './run-command.ts';

export type DebianMirror = {
  readonly main: string;
  readonly security: string;
  readonly keyringPath: string;
  /** Environment with the proxies that apt on this machine is set to use. */
  readonly env: Readonly<Record<string, string>>;
};

const FALLBACK = { main: 'http://deb.debian.org/debian', security: 'http://deb.debian.org/debian-security' };
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** Finds the Debian mirror that apt on this machine uses, so that the lab downloads from where downloads work. */
export function findDebianMirror(): DebianMirror {
  const addresses = readSources('/etc/apt').flatMap((text) => text.match(/\bhttps?:\/\/[^\s\]]+/g) ?? []);
  const trimmed = addresses.map((address) => address.replace(/\/+$/, ''));
  return {
    main: trimmed.find((address) => address.endsWith('/debian')) ?? FALLBACK.main,
    security: trimmed.find((address) => address.endsWith('/debian-security')) ?? FALLBACK.security,
    keyringPath: KEYRING,
    env: { ...aptProxy('http'), ...aptProxy('https') },
  };
}

/** The texts of apt's source lists in both formats, without comments. */
function readSources(aptDir: string): string[] {
  const partsDir = join(aptDir, 'sources.list.d');
  const parts = existsSync(partsDir) ? readdirSync(partsDir).map((name) => join(partsDir, name)) : [];
  return [join(aptDir, 'sources.list'), ...parts]
    .filter((path) => /\.(list|sources)$/.test(path) && existsSync(path))
    .map((path) => readFileSync(path, 'utf8').replace(/^\s*#.*$/gm, ''));
}

function aptProxy(scheme: 'http' | 'https'): Record<string, string> {
  const proxy = mustRunNow(['apt-config', 'dump', '--format', '%v%n', `Acquire::${scheme}::Proxy`]).trim();
  return /^https?:/.test(proxy) ? { [`${scheme}_proxy`]: proxy } : {};
}
