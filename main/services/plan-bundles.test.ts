import { expect, test } from 'vitest';
import { isFirebreakError } from '../../shared/errors.ts';
import { aHost, aPolicy, aRule, aZone } from '../../shared/policy/testing/builders.ts';
import { createBundleMaker } from './plan-bundles.ts';

const HOSTS = [aHost({ n: 1, labels: 'role=web' }), aHost({ n: 2, labels: 'role=db' }), aHost({ n: 3, labels: 'role=mail' })];
const policy = aPolicy({ zones: [aZone({ select: 'role=web|db|mail' })], rules: [aRule({ n: 1 })] });
const OPTIONS = { policyVersion: 0, nowMs: Date.UTC(2026, 0, 15) };
const copyOf = <T>(value: T): T => structuredClone(value);
const textsOf = (bundles: ReturnType<ReturnType<typeof createBundleMaker>>) => [...bundles.values()].map((bundle) => bundle.text);

test('after an edit the bundles are those of a maker that knows nothing yet, and belong to the hosts of now', () => {
  const make = createBundleMaker();
  make(policy, HOSTS, OPTIONS);
  const edited = { ...policy, rules: [aRule({ n: 1, services: 'tcp/3306' })] };
  const renamed = HOSTS.map((host, i) => (i === 2 ? { ...host, labels: { ...host.labels, note: 'x' } } : host));
  const made = make(copyOf(edited), copyOf(renamed), OPTIONS);
  expect([...made]).toEqual([...createBundleMaker()(edited, renamed, OPTIONS)]);
});

test('the version in a header and what a host’s nft can do are never those of an earlier call', () => {
  const make = createBundleMaker();
  const first = make(policy, HOSTS, OPTIONS);
  expect(textsOf(make(policy, HOSTS, { ...OPTIONS, policyVersion: 7 })).every((text) => text.includes('\n# policy 7\n'))).toBe(true);
  const old = HOSTS.map((host) => ({ ...host, cgroupKeys: false as const }));
  expect(textsOf(make(policy, old, OPTIONS)).some((text) => text.includes('cgroup'))).toBe(false);
  expect([...make(policy, HOSTS, OPTIONS)]).toEqual([...first]);
});

test('a host without nft gets the same rules for iptables, printed anew when its addresses change', () => {
  const make = createBundleMaker();
  const old = HOSTS.map((host, i) => (i === 1 ? { ...host, backend: 'iptables' as const } : host));
  const textOf = (hosts: typeof old) => textsOf(make(policy, hosts, OPTIONS))[1] ?? '';
  expect(textOf(old)).toMatch(/^# firebreak bundle 1 iptables\n(?:# .*\n)+# --- phase 1: sets\n/);
  expect(textOf(old)).toContain('--ctorigdst 10.0.0.2 ');
  expect(textOf(old.map((host, i) => (i === 1 ? { ...host, addresses: ['10.0.0.77'] } : host)))).toContain('--ctorigdst 10.0.0.77 ');
  expect(textOf(HOSTS)).toMatch(/^# firebreak bundle 1\n/);
});

test('what a host without nft cannot have is refused with everything that it is about, and nothing is left out', () => {
  const old = HOSTS.map((host) => ({ ...host, backend: 'iptables' as const, published: [{ protocol: 'tcp' as const, from: 80, to: 80 }] }));
  const rules = [aRule({ schedule: 'Mon-Fri 08:00-18:00 Europe/Berlin' }), aRule({ n: 2, from: 'role=db', to: 'role=web', action: 'deny' })];
  const messages = (() => {
    try {
      createBundleMaker()({ ...policy, rules }, old.slice(0, 2), OPTIONS);
      return [];
    } catch (error) {
      return isFirebreakError(error, 'INPUT_INVALID') ? error.payload.issues.map(({ message }) => message) : [String(error)];
    }
  })();
  expect(messages).toEqual([
    expect.stringMatching(/^h2 has its rules over iptables, which cannot say this: rule r_000000000001 into h2: it has a schedule/),
    expect.stringMatching(/^h2 has its rules over iptables, which cannot say this: out of h2: what its containers send/),
  ]);
});

test('a policy that does not compile is refused, and the next one is not the worse for it', () => {
  const make = createBundleMaker();
  const first = make(policy, HOSTS, OPTIONS);
  expect(() => make({ ...policy, rules: [aRule({ from: 'zone:gone' })] }, HOSTS, OPTIONS)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  expect([...make(policy, HOSTS, OPTIONS)]).toEqual([...first]);
});
