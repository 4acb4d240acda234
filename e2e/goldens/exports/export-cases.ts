import type { Golden } from '../golden-cases.ts';
import { NOW_MS, readHosts, readPolicy } from '../golden-cases.ts';
import { ExportTarget } from '../../../shared/policy/export/export-target.ts';
import { EXPORT_TARGETS } from '../../../shared/policy/export/export-targets.ts';
import { toExport } from '../../../shared/policy/export/to-export.ts';

export const EXPORT_CASES = ['office', 'unsayable'] as const;

/** What each target makes of the hosts without an agent in `NAME.hosts.yaml`: `NAME.TARGET` and its endings, what was left out in the header. */
export function exportCase(name: (typeof EXPORT_CASES)[number]): (Golden & { readonly target: ExportTarget; readonly suffix: string })[] {
  const hosts = readHosts(`exports/${name}`);
  const policy = readPolicy(`exports/${name}.policy.yaml`);
  const chosen = new Set(hosts.flatMap((host) => (host.managed ? [] : [host.id])));
  const stamp = { atMs: NOW_MS, policyText: 'version 1', policyHash: '0123456789abcdef'.repeat(4) };
  return ExportTarget.options.flatMap((target) => {
    const { abilities, print } = EXPORT_TARGETS[target];
    const files = print({ ...toExport(policy, hosts, { chosen, nowMs: NOW_MS, abilities }), stamp });
    return files.map(({ suffix, text }) => ({ fileName: `exports/${name}.${target}${suffix}.golden`, text, target, suffix }));
  });
}
