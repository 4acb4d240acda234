import { EXPORT_TARGETS } from '../../../shared/policy/export/export-targets.ts';
import { printHostRules } from '../../../shared/policy/export/iptables-host.ts';
import { perHost } from '../../../shared/policy/export/per-host.ts';
import { printRefusal } from '../../../shared/policy/export/refusal-book.ts';
import { toExport } from '../../../shared/policy/export/to-export.ts';
import { type Golden, listCases, NOW_MS, readHosts, readPolicy } from '../golden-cases.ts';

/** The files of one host, by their endings. */
export type HostFiles = Readonly<Record<string, string>>;

/** Every case of the nft goldens, for the same hosts: `NAME.HOST.golden`, what was left out first, then the three files. `files` is null where the host itself is left out. */
export function compileHostCases(): (Golden & { readonly name: string; readonly files: HostFiles | null })[] {
  return listCases().flatMap((name) => {
    const hosts = readHosts(name);
    const chosen = hosts.filter(({ managed }) => managed);
    const made = toExport(readPolicy(`${name}.policy.yaml`), hosts, { chosen: new Set(chosen.map(({ id }) => id)), nowMs: NOW_MS, abilities: EXPORT_TARGETS['iptables-host'].abilities });
    const written = perHost({ ...made, stamp: { atMs: NOW_MS, policyText: 'version 1', policyHash: '' } });
    return chosen.map((host) => {
      const group = written.find((one) => one.host.name === host.name)?.group;
      const files = group === undefined ? null : Object.fromEntries(printHostRules(group).map(({ suffix, text }) => [suffix, text]));
      const refused = made.refusals.filter(({ hosts: names }) => names.includes(host.name)).map((refusal) => `# LEFT OUT: ${printRefusal({ ...refusal, hosts: [host.name] })}\n`);
      const sections = Object.entries(files ?? {}).map(([suffix, text]) => `# --- ${suffix}\n${text}`);
      return { name, fileName: `iptables-host/${name}.${host.name}.golden`, text: [...refused, ...sections].join(''), files };
    });
  });
}
