import { type Ring, rings } from './rings.ts';

/**
 * `npm test` has an hour on two cores, which may be slow ones. So the rings that start hosts and browsers come in two parts: the first shows what the product does; the rest shows it beside other
 * software, on other releases, over iptables, by other tools, and in the screens that are visited least (never what SECURITY.md names), and is run when the hour allows. A ring that is asked for by its name is run whole.
 */
export type Part = 'first' | 'rest';

/** Of each ring in two parts, the files of its rest. */
export const restOf: Readonly<Record<string, readonly string[]>> = {
  unit: ['e2e/bench/policy/synthetic-site.test.ts', 'e2e/bench/ui/bench-ui.test.ts'],
  kernel: [
    'agent/compat.kernel-test.ts',
    'agent/install.kernel-test.ts',
    'agent/iptables.kernel-test.ts',
    'e2e/flood/flood.kernel-test.ts',
    'e2e/kernel/gateway.kernel-test.ts',
    'e2e/kernel/iptables-forward.kernel-test.ts',
    'e2e/kernel/iptables-host.kernel-test.ts',
    'e2e/kernel/iptables-live.kernel-test.ts',
  ],
  ui: ['airgap', 'clones', 'evidence', 'flow-files', 'forwards', 'host-import', 'label-rules', 'logins', 'names', 'objects', 'onboard', 'policy-file', 'posture', 'prove', 'reach', 'records', 'sessions'].map((name) => `e2e/ui/${name}.spec.ts`),
  lab: [
    'e2e/coexistence/coexistence.lab-test.ts',
    'e2e/coexistence/fail2ban.lab-test.ts',
    'e2e/faults/more-faults.lab-test.ts',
    'e2e/lab/lab.lab-test.ts',
    'e2e/main-job/ansible.lab-test.ts',
    'e2e/main-job/directory-users.lab-test.ts',
    'e2e/main-job/image.lab-test.ts',
    'e2e/main-job/large-policy.lab-test.ts',
    'e2e/main-job/prove-reach.lab-test.ts',
    'e2e/main-job/suggest-enforce.lab-test.ts',
    'e2e/main-job/without-nft.lab-test.ts',
    'e2e/releases/releases.lab-test.ts',
  ],
};

/** A ring, or a part of it, as it is run and told. */
export type RingRun = { readonly ring: Ring; readonly part: Part | null; readonly name: string };

const whole = (ring: Ring): RingRun => ({ ring, part: null, name: ring.name });

/** What is run whatever the time, and what after it when there is enough. Rings named in `asked` are run whole; none named: all. */
export function planRuns(asked: readonly string[]): { first: RingRun[]; rest: RingRun[] } {
  if (asked.length > 0) return { first: rings.filter(({ name }) => asked.includes(name)).map(whole), rest: [] };
  const first = rings.map((ring) => (ring.name in restOf ? { ring, part: 'first' as const, name: ring.name } : whole(ring)));
  // The lab’s last: what its hosts boot from is made beside the others.
  const rest = Object.keys(restOf).flatMap((name) => rings.filter((ring) => ring.name === name).map((ring) => ({ ring, part: 'rest' as const, name: `${name}, rest` })));
  return { first, rest };
}

/** Five minutes of the hour are for the set-up before the rings. */
const BUDGET_SECONDS = 55 * 60;
/** What the rest took of the time of the first parts where it was measured, and a fifth more. */
const REST_SHARE = 0.9;

/** Whether the rest will be done within the hour, by what the first parts took. Pure. */
export const restFits = (firstSeconds: number): boolean => firstSeconds * (1 + REST_SHARE) <= BUDGET_SECONDS;

/** What a runner includes and leaves out of a ring for the part that FIREBREAK_PART says; all of it where that is empty or not set. Pure. */
export function filesOfPart(ring: string, files: readonly string[], part: string | undefined): { include: string[]; exclude: string[] } {
  const rest = restOf[ring] ?? [];
  return part === 'rest' ? { include: [...rest], exclude: [] } : { include: [...files], exclude: part === 'first' ? [...rest] : [] };
}
