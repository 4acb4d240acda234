import { open, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { FirebreakError } from '../../shared/errors.ts';
import { type Address, parseAddress } from '../../shared/net/address.ts';
import type { OfflineHost } from '../../shared/offline-audit/offline-audit.ts';
import { MAX_RULE_TEXT_BYTES } from '../../shared/rule-files/rule-file.ts';
import { readRuleFile } from '../../shared/rule-files/read-rule-file.ts';
import { inert } from '../../shared/text/inert.ts';

const MAX_FILES = 10_000;
const MAX_HOST_LIST_BYTES = 4_194_304;
const cannotRead = (path: string) => (error: Error): never => {
  throw new FirebreakError('FILE_NOT_READABLE', { path, detail: error.message });
};

/** The file, or the files of a folder in the order of their names (what begins with a dot, folders and links are left out). @throws FILE_NOT_READABLE */
export async function listRuleFiles(path: string): Promise<string[]> {
  const found = await stat(path).catch(cannotRead(path));
  if (!found.isDirectory()) return [path];
  const entries = await readdir(path, { withFileTypes: true }).catch(cannotRead(path));
  const names = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.')).map(({ name }) => name);
  if (names.length > MAX_FILES) throw new FirebreakError('FILE_NOT_READABLE', { path, detail: `it holds ${names.length} files; at most ${MAX_FILES} are read at once` });
  return names.sort().map((name) => join(path, name));
}

/** A file's text, at most so many bytes. @throws FILE_NOT_READABLE also for what is no ordinary file */
export async function readBounded(path: string, maxBytes: number): Promise<string> {
  const file = await open(path, 'r').catch(cannotRead(path));
  try {
    const { size } = await file.stat();
    if (!(await file.stat()).isFile()) throw new Error('it is no ordinary file');
    if (size > maxBytes) throw new Error(`it is larger than ${maxBytes / 1_048_576} MiB`);
    return (await file.readFile()).toString('utf8');
  } catch (error) {
    return cannotRead(path)(error instanceof Error ? error : new Error(String(error)));
  } finally {
    await file.close();
  }
}

/** What follows a host's name in names such as `web1.nft`, `web1.rules.v4`, `web1.iptables-save.txt`. */
const ENDINGS = /(\.(nft|nftables|json|txt|conf|rules|save|iptables|ip6tables|iptables-save|ip6tables-save|v4|v6|ruleset))+$/i;

/** Rules of one file, as those of the host that its name says; an address as name is the host's address. */
export async function readRulesOf(path: string): Promise<{ host: OfflineHost } | { host: null; reason: string }> {
  const file = basename(path);
  const family = /(\.v6|ip6tables)/i.test(file) ? 6 : /(\.v4|iptables)/i.test(file) ? 4 : null;
  const text = await readBounded(path, MAX_RULE_TEXT_BYTES).catch((error: unknown) => (error instanceof FirebreakError ? error : Promise.reject(error)));
  if (typeof text !== 'string') return { host: null, reason: text.message };
  const read = readRuleFile(text, family);
  if (!read.ok) return { host: null, reason: read.issues[0]?.message ?? '' };
  const name = inert(file.replace(ENDINGS, '') || file);
  const address = parseAddress(name);
  return { host: { name, addresses: address.ok ? [address.value] : [], labels: {}, files: [{ path: inert(file), rules: read.value }] } };
}

/** Lines such as `10.0.0.5 web1` or `web1 10.0.0.5 fd00::5` (as /etc/hosts; the first word that is no address is the name). @throws FILE_NOT_READABLE · INPUT_INVALID with the lines that have no name or no address */
export async function readHostList(path: string): Promise<Map<string, Address[]>> {
  const hosts = new Map<string, Address[]>();
  const wrong: number[] = [];
  for (const [place, whole] of (await readBounded(path, MAX_HOST_LIST_BYTES)).split('\n').entries()) {
    const words = whole.replace(/#.*/, '').split(/[\s,]+/).filter((word) => word !== '');
    if (words.length === 0) continue;
    const addresses = words.map((word) => parseAddress(word)).flatMap((one) => (one.ok ? [one.value] : []));
    const name = words.find((word) => !parseAddress(word).ok);
    if (name === undefined || addresses.length === 0) wrong.push(place + 1);
    else hosts.set(inert(name), [...(hosts.get(inert(name)) ?? []), ...addresses]);
  }
  if (wrong.length > 0) throw new FirebreakError('INPUT_INVALID', { issues: wrong.slice(0, 10).map((line) => ({ path: '--hosts', line, message: 'a line needs a name and an address, such as “10.0.0.5 web1”' })) });
  return hosts;
}
