import type { CompatibilityFinding } from '../../shared/model/compatibility.ts';

/** `active`: services that run; `flushes`: a file that flushes everything when nftables.service starts; `tables`: nft tables that are not ours, `FAMILY NAME`. */
export type FoundFirewalls = { active: readonly string[]; flushes: string; legacy: string; tables: readonly string[] };

const BOTH_JUDGE = 'a packet must be let through by both, and the stricter one wins';

const MANAGERS: Readonly<Record<string, { text: string; todo: string }>> = {
  ufw: { text: `ufw is active: ${BOTH_JUDGE}.`, todo: 'What ufw drops is dropped before our rules see it: open there what a policy allows.' },
  firewalld: { text: `firewalld is active: ${BOTH_JUDGE}.`, todo: 'Open in its zone what a policy allows.' },
  docker: { text: 'Docker is active: it redirects published ports past the input chain; they are judged where they are forwarded.', todo: 'Look at the host’s warnings after the install.' },
  fail2ban: { text: 'fail2ban is active: its bans hold whatever a policy allows.', todo: '' },
  'netfilter-persistent': { text: `netfilter-persistent loads iptables rules: ${BOTH_JUDGE}.`, todo: 'Never save while Firebreak’s table is loaded with “nft list ruleset”: the file would bring it back without its agent.' },
  shorewall: { text: `Shorewall is active: ${BOTH_JUDGE}.`, todo: 'Open there what a policy allows.' },
  ferm: { text: `ferm is active: ${BOTH_JUDGE}.`, todo: 'Open there what a policy allows.' },
  csf: { text: `csf is active: ${BOTH_JUDGE}.`, todo: 'Open there what a policy allows.' },
};

/** Who else decides about packets on a host, and what that means. Pure. */
export function firewallFindings({ active, flushes, legacy, tables }: FoundFirewalls): CompatibilityFinding[] {
  const found: CompatibilityFinding[] = [...new Set(active)].flatMap((name) => {
    const manager = MANAGERS[name];
    return manager === undefined ? [] : [{ id: `firewall.${name}`, level: 'yellow', ...manager }];
  });
  if (active.includes('nftables')) {
    const text = flushes === '' ? 'nftables.service is active with rules of its own.' : `nftables.service is active and its file flushes everything: each time it starts, our rules are gone for about 0.3 s and come back by themselves.`;
    found.push({ id: 'firewall.nftables', level: 'yellow', text, todo: flushes === '' ? '' : 'Replace “flush ruleset” in /etc/nftables.conf by the deletion of its own tables.' });
  }
  if (legacy.trim() !== '') found.push({ id: 'firewall.iptables-legacy', level: 'yellow', text: `iptables-legacy rules are loaded (${legacy.trim()}): the kernel asks them as well as ours, and the stricter one wins.`, todo: '' });
  if (tables.length > 0) found.push({ id: 'firewall.tables', level: 'yellow', text: `Other nft tables decide too: ${tables.slice(0, 12).join(', ')}${tables.length > 12 ? ` and ${tables.length - 12} more` : ''}. They are never touched.`, todo: '' });
  if (found.length === 0) found.push({ id: 'firewall', level: 'green', text: 'No other firewall was found.', todo: '' });
  return found;
}
