import { expect, test } from 'vitest';
import { aHostView } from '../../shared/contract/testing/a-host-view.ts';
import { draftFromFlow, peerTextOf, serviceText } from './draft-from-flow.ts';
import { Rule } from '../../shared/model/policy.ts';
import { aNamedList } from '../../shared/policy/testing/a-ledger.ts';
import { EMPTY_RULE_FORM, formOfRule, readRuleForm } from './rule-form.ts';

const aHost = (name: string, labels: Record<string, string>) => aHostView(name, { labels });

test('a form reads to a rule and the rule prints to the same form', () => {
  const form = {
    ...EMPTY_RULE_FORM,
    from: 'role=web,app=shop',
    to: '10.0.0.0/8',
    services: 'tcp/443,icmp/8',
    owner: 'ann',
    reviewOn: '2027-01-31',
    as: 'unit:job.service',
    servedBy: 'nginx.service',
    schedule: 'Mon-Fri 08:00-18:00 Europe/Berlin',
  };
  const { rule, errors } = readRuleForm(form, null);
  expect(errors).toEqual({ from: null, to: null, services: null, schedule: null, as: null, servedBy: null, other: null });
  expect(rule === null ? null : formOfRule(rule)).toEqual(form);
});

test('what the form does not show stays as it is in an edited rule', () => {
  const { rule } = readRuleForm({ ...EMPTY_RULE_FORM, from: 'any', to: 'role=db', services: 'any' }, null);
  const stored = Rule.parse({ ...rule, id: 'r_0123456789ab', ticket: 'T-1' });
  const edited = readRuleForm({ ...formOfRule(stored), reason: 'why' }, stored).rule;
  expect(edited === null ? null : Rule.parse({ ...edited, id: stored.id })).toEqual({ ...stored, reason: 'why' });
});

test('every wrong field has its own sentence, and there is no rule', () => {
  const { rule, errors } = readRuleForm({ ...EMPTY_RULE_FORM, from: '10.0.0.5/8', to: '', services: 'tcp/70000', as: 'backup', servedBy: 'nginx.socket', schedule: 'Mon 8-9' }, null);
  expect(rule).toBeNull();
  expect(errors.from).toContain('10.0.0.0/8');
  expect(errors.to).toContain('nothing was written');
  expect(errors.services).toContain('ports run from 0 to 65535');
  expect(errors.schedule).toContain('names no time zone');
  expect(errors.as).toContain('write user:NAME');
  expect(errors.servedBy).toContain('is not the name of a service');
});

test('a host is widened to its role, app and env; one without these stays itself', () => {
  expect(peerTextOf({ name: 'w', host: aHost('w', { role: 'web', app: 'shop', env: 'prod', loc: 'fra', rack: '7' }) }, [])).toBe('role=web,app=shop,env=prod');
  expect(peerTextOf({ name: 'w', host: aHost('w', { loc: 'fra' }) }, [])).toBe('host:w');
});

test('an outside end is its IP list or its network, and nothing when it is neither', () => {
  const office = { name: 'office', cidrs: [], except: [], note: '' };
  expect(peerTextOf({ name: 'office', host: null }, [office])).toBe('iplist:office');
  expect(peerTextOf({ name: 'deb.example.org (seen by web-1, 2 h ago)', host: null }, [office, aNamedList()])).toBe('iplist:mirrors');
  expect(peerTextOf({ name: '203.0.113.0/24', host: null }, [])).toBe('203.0.113.0/24');
  expect(peerTextOf({ name: 'zone:shop', host: null }, [])).toBe('zone:shop');
  expect(peerTextOf({ name: '6 outside callers', host: null }, [])).toBe('');
});

test('services of a draft are named once each, ICMP without a port', () => {
  const end = { name: 'x', host: null };
  expect(
    draftFromFlow(
      end,
      end,
      [
        { protocol: 'tcp', port: 80 },
        { protocol: 'tcp', port: 80 },
        { protocol: 'icmp', port: 0 },
      ],
      [],
    ).services,
  ).toBe('tcp/80,icmp');
  expect(serviceText({ protocol: 'ipv6-icmp', port: 0 })).toBe('icmpv6');
});
