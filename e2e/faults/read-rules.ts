import type { LabHost } from '../lab/host.ts';
import type { KernelRules } from './kernel-rules.ts';
import { SAVE_ALL, splitSaved } from './read-iptables.ts';

const OURS = 'table inet firebreak {\n';

const overIptables = new WeakSet<LabHost>();

/** Has `readRules` ask iptables and ipset of this host. */
export function readByIptables(host: LabHost): void {
  overIptables.add(host);
}

/** As at the machine's own console; works while the network is cut. */
export async function readRules(host: LabHost): Promise<KernelRules> {
  if (overIptables.has(host)) return splitSaved(await host.run(['sh', '-c', SAVE_ALL]));
  return splitRuleset(await host.run(['nft', '--stateless', 'list', 'ruleset']));
}

export function splitRuleset(ruleset: string): KernelRules {
  const tables = ruleset.split(/^(?=table )/m);
  const ours = tables.find((table) => table.startsWith(OURS));
  const foreign = tables.filter((table) => !table.startsWith(OURS)).join('');
  if (ours === undefined) return { whole: null, parts: null, foreign };
  const objects = ours
    .slice(OURS.length)
    .split(/^(?=\t[a-z]+ [A-Za-z0-9_]+ \{)/m)
    .map(withoutTraffic)
    .sort();
  return { whole: objects.join(''), parts: [objects.filter((text) => text.startsWith('\tchain ')).join('')], foreign };
}

/** Sets that packets fill have flag `dynamic` or a timeout; what they hold is no rule. The table's own closing brace goes too. */
function withoutTraffic(object: string): string {
  const text = object.replace(/\n}\s*$/, '\n').trimEnd();
  if (!/^\tset /.test(text) || !/\n\t\t(flags .*(dynamic|timeout)|timeout )/.test(text)) return `${text}\n`;
  return `${text.replace(/\n\t\telements = [\s\S]*$/, '\n\t}')}\n`;
}
