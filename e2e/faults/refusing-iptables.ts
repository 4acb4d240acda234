const JUMP = / -[jg] (\S+)/;

/**
 * Of what `iptables -S` printed, the rules that refuse something and that a packet can come to from a chain of the kernel's. Ours declare the chains that refuse in every mode, where observing leads nowhere into them
 * (shared/policy/export/iptables-recording.ts). Pure.
 */
export function listRefusing(printed: string): string[] {
  const rules = printed.split('\n').filter((line) => line.startsWith('-A '));
  const chainOf = (rule: string): string => rule.split(' ')[1] ?? '';
  const reached = new Set(['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING']);
  // A set that grows while it is gone through.
  for (const chain of reached) for (const rule of rules) if (chainOf(rule) === chain) reached.add(JUMP.exec(rule)?.[1] ?? chain);
  return rules.filter((rule) => reached.has(chainOf(rule)) && ['DROP', 'REJECT'].includes(JUMP.exec(rule)?.[1] ?? ''));
}
