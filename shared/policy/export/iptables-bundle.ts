import { FirebreakError } from '../../errors.ts';
import type { FleetHost } from '../../model/host.ts';
import { getAddress } from '../../net/address.ts';
import { singleRange, toRangeSet } from '../../net/range-set.ts';
import type { HostRuleset } from '../host-ruleset.ts';
import { type Bundle, type PrintOptions, withHeader } from '../print.ts';
import { IPTABLES_HOST_ABILITIES, printHostRules } from './iptables-host.ts';
import { createIpsetBook } from './iptables-sets.ts';
import { createRefusalBook, printRefusal } from './refusal-book.ts';
import { toSides } from './to-export.ts';

/**
 * The bundle of a host whose agent works over iptables and ipset; agent/README.md has the format. Its text depends on the host's addresses, too.
 * @throws INPUT_INVALID with everything of the policy that this host cannot have: nothing is left out
 */
export function printIptablesBundle(ruleset: HostRuleset, host: FleetHost, options: PrintOptions): Bundle {
  const book = createRefusalBook();
  const sides = toSides({ ruleset, families: [4, 6], abilities: IPTABLES_HOST_ABILITIES, book });
  const unjudged = IPTABLES_HOST_ABILITIES.blindSpot?.(host, ruleset) ?? null;
  if (unjudged !== null) book.add({ rule: null, direction: 'out', effect: 'opens', why: unjudged }, host.name);
  const refusals = book.list();
  if (refusals.length > 0) {
    const issues = refusals.map((refusal) => ({ path: '', message: `${host.name} has its rules over iptables, which cannot say this: ${printRefusal(refusal)}. Change the rule, or leave the host out of it` }));
    throw new FirebreakError('INPUT_INVALID', { issues });
  }
  const sets = createIpsetBook('looked-up');
  const addresses = toRangeSet(host.addresses.map((text) => singleRange(getAddress(text))));
  const [ipset, four, six] = printHostRules({ mode: ruleset.mode, addresses, ...sides }, sets).map(({ text }) => text);
  const body = ['# --- phase 1: sets\n', ...sets.fills().map((fill) => `# ${fill}\n`), ipset, '# --- phase 2: iptables\n', four, '# --- phase 2: ip6tables\n', six].join('');
  return withHeader(body, ruleset, options, ' iptables');
}
