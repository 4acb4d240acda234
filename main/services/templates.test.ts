import { describe, expect, it, test } from 'vitest';
import type { FleetHost } from '../../shared/model/host.ts';
import { EMPTY_POLICY, type Policy } from '../../shared/model/policy.ts';
import { compileFleet } from '../../shared/policy/compile.ts';
import { runPolicyTests } from '../../shared/policy/run-policy-tests.ts';
import { leaveOut } from '../../shared/policy/template-left-out.ts';
import { itemsOfLeftOut, mergeTemplate, type TemplateItem } from '../../shared/policy/template-merge.ts';
import { readTemplateParts } from '../../shared/policy/template-parts.ts';
import { readTemplateValues } from '../../shared/policy/template-values.ts';
import { aHost, aPolicy, aZone, expectParsed, ruleId } from '../../shared/policy/testing/builders.ts';
import { printPeer } from '../../shared/text/peer-text.ts';
import { readTemplates } from './template-files.ts';

const NOW = { nowMs: Date.UTC(2026, 10, 21) };
const ROLES = ['web', 'app', 'db', 'lb', 'monitoring', 'admin', 'zabbix', 'backup', 'log', 'loki', 'elastic', 'logstash', 'kibana', 'directory', 'dc', 'jump', 'k8s-control', 'k8s-worker', 'docker', 'mail', 'dns', 'ntp'];
/** What else a role's hosts are labelled: how they are backed up, whether they are in the domain, and one role that is left alone. */
const EXTRA: Record<string, string> = { app: 'backup=pull,ad=member', web: 'backup=bareos,ad=member', db: 'backup=push', lb: 'monitored=no,ransomware=exempt' };

/** Two hosts a role, the second with IPv6 too. */
const FLEET: FleetHost[] = ROLES.flatMap((role, i) =>
  [1, 2].map((n) => {
    const number = i * 2 + n;
    const labels = [`role=${role}`, 'site=main', EXTRA[role] ?? ''].filter((text) => text !== '').join(',');
    return aHost({ n: number, name: `${role}-${n}`, labels, addresses: n === 1 ? [`10.0.0.${number}`] : [`10.0.0.${number}`, `fd00::${number.toString(16)}`] });
  }),
);
const of = (...roles: string[]): string[] => roles.flatMap((role) => [`${role}-1`, `${role}-2`]);
const but = (...roles: string[]): string[] => of(...ROLES.filter((role) => !roles.includes(role)));
const EVERYONE = of(...ROLES);

/** Every host enforces and restricts outbound, so that each rule is needed at both of its ends. */
const RESTRICTED: Policy = aPolicy({ zones: [aZone({ name: 'site', select: 'site=main', outbound: 'restricted' })] });

/** For each template: the hosts of its providers by default, by the parameter's name, and values with which every optional part is in it. */
const CASES: Record<string, { providers: Record<string, string[]>; whole?: Record<string, string> }> = {
  'active-directory': { providers: { dcs: of('dc') } },
  'backup-ssh': { providers: { backup: of('backup'), pulled: of('app') } },
  bareos: { providers: { director: of('backup'), storage: of('backup'), clients: of('web') } },
  dns: { providers: { resolvers: of('dns'), upstream: EVERYONE } },
  'docker-host': { providers: { docker: of('docker') }, whole: { 'api-clients': 'role=admin', swarm: 'role=docker|app', 'swarm-managers': 'role=docker' } },
  elastic: { providers: { logstash: of('logstash'), elastic: of('elastic'), kibana: of('kibana') }, whole: { direct: 'role=web' } },
  'jump-host': { providers: { jump: of('jump'), servers: but('jump') }, whole: { windows: 'role=dc' } },
  kubernetes: { providers: { control: of('k8s-control'), workers: of('k8s-worker'), etcd: of('k8s-control') } },
  'ldap-kerberos': { providers: { servers: of('directory') } },
  loki: { providers: { loki: of('loki') } },
  mail: { providers: { mail: of('mail') } },
  'mysql-galera': { providers: { db: of('db') }, whole: { arbitrator: 'role=lb' } },
  ntp: { providers: { servers: of('ntp'), upstream: EVERYONE } },
  'postgresql-cluster': { providers: { db: of('db') }, whole: { pooler: 'role=lb', patroni: 'role=db', etcd: 'role=k8s-control' } },
  prometheus: { providers: { nodes: but('lb'), alertmanager: of('monitoring'), prometheus: of('monitoring'), grafana: of('monitoring') } },
  'ransomware-ports': { providers: { hosts: but('lb') }, whole: { 'file-clients': 'role=web', 'file-servers': 'role=backup' } },
  syslog: { providers: { servers: of('log') } },
  'three-tier-web': { providers: { web: of('web'), app: of('app'), db: of('db') } },
  zabbix: { providers: { server: of('zabbix'), agents: but('lb') }, whole: { proxies: 'role=lb' } },
};

function use(name: string, draft: Policy, given: Record<string, string> = {}, fleet: readonly FleetHost[] = FLEET): { policy: Policy; items: TemplateItem[] } {
  const template = readTemplates().find((one) => one.name === name);
  if (template === undefined) throw new Error(`no template ${name}`);
  const values = expectParsed(readTemplateValues(template, given));
  const { kept, leftOut } = leaveOut(template, values);
  const { parts, issues } = readTemplateParts(kept, values);
  if (issues.length > 0) throw new Error(issues.map(({ message }) => message).join('; '));
  let n = draft.rules.length;
  const merged = mergeTemplate(draft, parts, fleet, { ...NOW, newRuleId: () => ruleId(++n) });
  return { policy: merged.policy, items: [...merged.items, ...itemsOfLeftOut(leftOut)] };
}

const baseOf = (name: string): Policy => (name === 'ransomware-ports' ? EMPTY_POLICY : RESTRICTED);
/** The hosts on which the rule is an inbound row. */
const providersOf = (policy: Policy, id: string): string[] =>
  [...compileFleet({ ...policy, zones: policy.zones.map((zone) => ({ ...zone, mode: 'enforce' })) }, FLEET, NOW).values()].filter((ruleset) => ruleset.allowIn.some((row) => row.ruleId === id)).map((ruleset) => ruleset.hostName);

it('every template has a case here', () => {
  expect(readTemplates().map(({ name }) => name)).toEqual(Object.keys(CASES));
});

describe.each(Object.entries(CASES))('the template %s', (name, { providers, whole = {} }) => {
  const template = readTemplates().find((one) => one.name === name);

  it('lands on the hosts that its parameters mean, each rule at its providers', () => {
    const { policy } = use(name, baseOf(name));
    const found: Record<string, string[]> = {};
    for (const rule of policy.rules) {
      const parameter = template?.rules.find(({ reason, to }) => reason === rule.reason && to.startsWith('$'))?.to.slice(1);
      if (parameter !== undefined) found[parameter] = providersOf(policy, rule.id);
    }
    expect(found).toEqual(providers);
  });

  it.each([
    ['as it is', {}],
    ['with every optional part', whole],
  ])('has tests that hold on the sample fleet, %s', (_what, given) => {
    const { policy, items } = use(name, baseOf(name), given);
    expect(items.filter(({ what, state, note }) => what === 'test' && state === 'left-out' && !note.endsWith('none'))).toEqual([]);
    expect(policy.tests.length).toBeGreaterThan(0);
    expect(runPolicyTests(policy, FLEET, NOW).broken).toEqual([]);
  });

  it('has tests of which some break without its rules, so that they say something', () => {
    const { policy } = use(name, baseOf(name), whole);
    const broken = runPolicyTests({ ...policy, rules: [] }, FLEET, NOW).broken;
    expect(broken.length).toBe(policy.tests.filter(({ expect: expected }) => expected === 'allow').length);
  });

  it('has all of its parts in when every optional part is chosen', () => {
    expect(use(name, baseOf(name), whole).items.filter(({ state }) => state !== 'new')).toEqual([]);
  });

  it('adds nothing when it is applied again', () => {
    const once = use(name, baseOf(name), whole).policy;
    const twice = use(name, once, whole);
    expect(twice.policy).toEqual(once);
    expect(new Set(twice.items.map(({ state }) => state))).toEqual(new Set(['there']));
  });

  it('says of each rule which end is nobody, and keeps its tests back, where there are no hosts yet', () => {
    const { policy, items } = use(name, EMPTY_POLICY, {}, []);
    const ends = policy.rules.map((rule) => [rule.from, rule.to].filter((peer) => peer.kind === 'selector').map(printPeer));
    const notes = items.filter(({ what, state }) => what === 'rule' && state === 'new').map(({ note }) => note);
    expect(notes).toEqual(ends.map((texts) => `nobody is ${[...new Set(texts)].join(' or ')} now: the rule does nothing yet`));
    expect(policy.tests).toEqual([]);
  });
});

test('no two templates give one name to services with other ports', () => {
  const all = readTemplates().reduce((policy, { name }) => use(name, policy, CASES[name]?.whole).policy, RESTRICTED);
  const differing = readTemplates().flatMap(({ name }) => use(name, all, CASES[name]?.whole).items.filter(({ state }) => state === 'differs'));
  expect(differing).toEqual([]);
});
