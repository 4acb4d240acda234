import { describe, expect, test } from 'vitest';
import type { ForwardEvent, SpooledEvent } from '../model/forward.ts';
import { printBatch } from './print-batch.ts';
import { MAX_SYSLOG_BYTES, printEvent, printSyslog } from './print-event.ts';
import { toEcs } from './to-ecs.ts';
import { toOcsf } from './to-ocsf.ts';

const sender = { hostName: 'console', processId: 7 };
const spooled = (event: ForwardEvent): SpooledEvent => ({ id: 1, uid: 'u1', atMs: Date.UTC(2026, 10, 21, 12), event });
const aFlow = (over: Partial<Extract<ForwardEvent, { kind: 'flow' }>> = {}) =>
  spooled({ kind: 'flow', verdict: 'blocked', host: 'h_1', hostName: 'db-1', direction: 'in', peerAddress: '10.0.0.9', forwardTo: null, protocol: 'tcp', port: 5432, user: 'postgres', unit: 'postgresql.service', process: null, zone: 'data', policyVersion: 3, connections: 4, ...over });
const flowOf = ({ event }: SpooledEvent) => {
  if (event.kind !== 'flow') throw new Error('it is no flow');
  return event;
};
const anAlert = (change: 'opened' | 'settled') =>
  spooled({ kind: 'alert', change, alert: 12, alertKind: 'tampered', host: 'h_1', hostName: 'db-1', subject: { kind: 'tampered', what: 'rules', text: 'flushed' }, count: 2, firstAtMs: 5, why: change === 'settled' ? 'it is over' : '' });
const aPush = (outcome: 'running' | 'confirmed' | 'failed') => spooled({ kind: 'push', push: 'p_1', pushKind: 'push', version: 3, author: 'ada', note: '', outcome, startedAtMs: 5, hosts: { confirmed: 2, failed: 1 } });

describe('in OCSF', () => {
  test('a blocked connection is Network Activity that was refused and denied', () => {
    expect(toOcsf(aFlow(), sender)).toEqual({
      category_uid: 4,
      class_uid: 4001,
      activity_id: 5,
      type_uid: 400105,
      action_id: 2,
      disposition_id: 2,
      count: 4,
      src_endpoint: { ip: '10.0.0.9' },
      dst_endpoint: { hostname: 'db-1', port: 5432 },
      connection_info: { direction_id: 1, protocol_name: 'tcp', protocol_num: 6 },
      device: { uid: 'h_1', hostname: 'db-1', type_id: 1 },
      actor: { user: { name: 'postgres' } },
      unmapped: { verdict: 'blocked', zone: 'data', policy_version: 3, systemd_unit: 'postgresql.service' },
      time: Date.UTC(2026, 10, 21, 12),
      severity_id: 2,
      severity: 'Low',
      message: 'Blocked at db-1: 10.0.0.9 → db-1 tcp/5432, 4 times',
      metadata: { uid: 'u1', version: '1.5.0', product: { name: 'Firebreak', vendor_name: 'Firebreak' }, event_code: 'flow', profiles: ['host', 'security_control'] },
    });
  });

  test('what would be blocked was allowed and is only told of, seen from its sender', () => {
    expect(toOcsf(aFlow({ verdict: 'would-block', direction: 'out', protocol: 'icmp', port: 0, user: null }), sender)).toMatchObject({
      activity_id: 1, type_uid: 400101, action_id: 1, disposition_id: 15, severity_id: 1, src_endpoint: { hostname: 'db-1' }, dst_endpoint: { ip: '10.0.0.9' }, connection_info: { direction_id: 2, protocol_num: 1 },
    });
    expect(toOcsf(aFlow({ direction: 'forward', forwardTo: '172.17.0.2' }), sender)).toMatchObject({ src_endpoint: { ip: '10.0.0.9' }, dst_endpoint: { ip: '172.17.0.2' }, connection_info: { direction_id: 0 } });
  });

  test('an alert is a Detection Finding that is created, and closed under the same id', () => {
    expect(toOcsf(anAlert('opened'), sender)).toMatchObject({ class_uid: 2004, type_uid: 200401, status_id: 1, is_alert: true, severity_id: 4, finding_info: { uid: '12', title: 'rules of db-1 were changed on the host' } });
    expect(toOcsf(anAlert('settled'), sender)).toMatchObject({ type_uid: 200403, status_id: 4, is_alert: false, severity_id: 1, finding_info: { uid: '12' }, message: 'Settled: rules of db-1 were changed on the host (it is over)' });
  });

  test.each([
    ['running', 0, 1],
    ['confirmed', 1, 1],
    ['failed', 2, 3],
  ] as const)('a push that is %s is API Activity with status %i', (outcome, status_id, severity_id) => {
    expect(toOcsf(aPush(outcome), sender)).toMatchObject({ class_uid: 6003, type_uid: 600303, status_id, severity_id, actor: { user: { name: 'ada' } }, api: { operation: 'push' }, src_endpoint: { hostname: 'console' } });
  });

  test.each([
    ['hosts.add', 600301],
    ['zones.update', 600303],
    ['policy.removeRules', 600304],
    ['alerts.unmute', 600304],
  ])('an audit entry of %s has type %i', (action, type_uid) => {
    expect(toOcsf(spooled({ kind: 'audit', seq: 9, actor: 'host:web-1', action, subject: 's', detail: 'd', hash: 'ff' }), sender)).toMatchObject({ type_uid, src_endpoint: { hostname: 'web-1' }, unmapped: { audit_seq: 9, audit_hash: 'ff', detail: 'd' } });
  });

  test('a test is a Base Event', () => {
    expect(toOcsf(spooled({ kind: 'test', user: 'ada' }), sender)).toMatchObject({ class_uid: 0, type_uid: 99, message: 'ada tests where Firebreak sends its events' });
  });
});

describe('in ECS', () => {
  test('a blocked connection was denied', () => {
    expect(toEcs(aFlow({ process: 'postgres' }), sender)).toEqual({
      '@timestamp': '2026-11-21T12:00:00.000Z',
      ecs: { version: '8.11.0' },
      message: 'Blocked at db-1: 10.0.0.9 → db-1 tcp/5432, 4 times',
      event: { id: 'u1', module: 'firebreak', dataset: 'firebreak.flow', severity: 2, kind: 'event', category: ['network'], type: ['connection', 'denied'], action: 'blocked', outcome: 'failure' },
      observer: { hostname: 'console', vendor: 'Firebreak', product: 'Firebreak', type: 'firewall' },
      host: { id: 'h_1', name: 'db-1', hostname: 'db-1' },
      source: { address: '10.0.0.9', ip: '10.0.0.9' },
      destination: { address: 'db-1', domain: 'db-1', port: 5432 },
      network: { transport: 'tcp', direction: 'ingress' },
      user: { name: 'postgres' },
      process: { name: 'postgres' },
      firebreak: { verdict: 'blocked', connections: 4, zone: 'data', policy_version: 3, systemd_unit: 'postgresql.service' },
    });
  });

  test('alerts, audit entries, pushes and tests have the kind, category, type and outcome that ECS names', () => {
    const events = [anAlert('opened'), spooled({ kind: 'audit', seq: 9, actor: 'ada', action: 'policy.removeRules', subject: 's', detail: 'd', hash: 'ff' }), aPush('failed'), spooled({ kind: 'test', user: 'ada' })];
    expect(events.map((event) => toEcs(event, sender)['event'])).toEqual([
      { id: 'u1', module: 'firebreak', dataset: 'firebreak.alert', severity: 4, kind: 'alert', category: ['intrusion_detection'], type: ['info'], action: 'tampered-opened', start: '1970-01-01T00:00:00.005Z' },
      { id: 'u1', module: 'firebreak', dataset: 'firebreak.audit', severity: 1, kind: 'event', category: ['configuration'], type: ['deletion'], action: 'policy.removeRules', outcome: 'success', hash: 'ff', sequence: 9 },
      { id: 'u1', module: 'firebreak', dataset: 'firebreak.push', severity: 3, kind: 'event', category: ['configuration'], type: ['change'], action: 'push', outcome: 'failure', start: '1970-01-01T00:00:00.005Z' },
      { id: 'u1', module: 'firebreak', dataset: 'firebreak.test', severity: 1, kind: 'event', category: ['configuration'], type: ['info'], action: 'test' },
    ]);
  });
});

test('a syslog message has the header of RFC 5424, and whatever a host calls a process is one line of ASCII that means the same', () => {
  const hostile = 'a\n<1>1 forged\u0000\u001b[2J \u202e😀"]';
  const line = printSyslog(aFlow({ process: hostile }), 'ecs', { hostName: 'my console\n', processId: 7 });
  expect(line).toMatch(/^<133>1 2026-11-21T12:00:00\.000Z myconsole firebreak 7 flow - \{[\x20-\x7e]*\}$/);
  expect(JSON.parse(line.slice(line.indexOf('{')))).toMatchObject({ process: { name: hostile } });
  expect(printSyslog(spooled({ kind: 'test', user: 'a' }), 'ocsf', { hostName: 'é', processId: 7 })).toMatch(/^<134>1 \S+ - firebreak/);
});

describe('a syslog message that would be longer than receivers take', () => {
  const hash = 'ab'.repeat(32);
  const anAudit = (subject: string, detail: string) => spooled({ kind: 'audit', seq: 12, actor: 'ada', action: 'policy.push', subject, detail, hash });
  // Each of these is six bytes of ASCII JSON; the detail is in the message, too.
  const long = anAudit('é'.repeat(2000), '\u001b'.repeat(20_000));

  test.each(['ocsf', 'ecs'] as const)('has its texts cut in %s, with a mark that says how long they were and by what number and hash the whole is found', (format) => {
    const text = printSyslog(long, format, sender);
    expect(text.length).toBeLessThanOrEqual(MAX_SYSLOG_BYTES);
    const body = JSON.parse(text.slice(text.indexOf('{')));
    const { subject, detail } = format === 'ecs' ? body.firebreak : { subject: body.resources[0].name, detail: body.unmapped.detail };
    expect(subject).toMatch(new RegExp(`^é+…\\[shortened from 2000 characters; whole in audit entry 12, hash ${hash}\\]$`));
    expect(detail).toContain(`…[shortened from 20000 characters; whole in audit entry 12, hash ${hash}]`);
    expect(printSyslog(long, format, sender)).toBe(text);
  });

  test('keeps all of what fits, and a file or webhook all of everything', () => {
    const fits = anAudit('web-1', 'x'.repeat(3000));
    expect(printSyslog(fits, 'ocsf', sender)).toContain('x'.repeat(3000));
    expect(JSON.parse(printEvent(long, 'ecs', sender))).toMatchObject({ firebreak: { subject: 'é'.repeat(2000), detail: '\u001b'.repeat(20_000) } });
  });

  test('is never cut within a character, and other kinds name the event', () => {
    const smiley = `a${'😀'.repeat(3000)}`;
    const body = JSON.parse(printSyslog(aFlow({ process: smiley, unit: smiley }), 'ecs', sender).replace(/^[^{]*/, '')) as { process: { name: string } };
    expect(body.process.name).toMatch(/^a(?:😀)+…\[shortened from 6001 characters; whole in event u1\]$/u);
    for (const event of [aPush('failed'), anAlert('opened'), spooled({ kind: 'test', user: smiley })]) expect(printSyslog(event, 'ocsf', sender).length).toBeLessThanOrEqual(MAX_SYSLOG_BYTES);
  });

  test('that cannot be made to fit is refused by itself, and so is one whose time no date can say; the others go out', () => {
    const tooMany = spooled({ ...flowOf(aFlow()), peerAddress: 'é'.repeat(5000) });
    const { printed, refused } = printBatch({ target: { kind: 'syslog-udp', host: 'siem', port: 514 }, format: 'ocsf' }, [{ ...tooMany, id: 7 }, { ...aFlow(), id: 8, atMs: 9e15 }, { ...aFlow(), id: 9, event: null }, aFlow()], sender);
    expect(printed.map(({ text }) => text)).toEqual([printSyslog(aFlow(), 'ocsf', sender)]);
    expect(refused).toEqual([{ id: 7, reason: expect.stringContaining(`longer than the ${MAX_SYSLOG_BYTES} bytes`) }, { id: 8, reason: expect.stringContaining('Invalid time value') }, { id: 9, reason: expect.stringContaining('cannot be read') }]);
  });
});

test('what is printed twice is the same text', () => {
  expect(printEvent(aFlow(), 'ocsf', sender)).toBe(printEvent(aFlow(), 'ocsf', sender));
});
