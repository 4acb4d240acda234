import { expect, test } from 'vitest';
import { compileHost } from './compile.ts';
import { isContainedRefusal } from './contained-refusal.ts';
import { aClosure, aHost, aPolicy, aQuarantine, aZone, hostId } from './testing/builders.ts';

const NOW = { nowMs: Date.UTC(2026, 0, 15, 1) };
const HOSTS = [aHost({ n: 1, labels: 'app=shop' }), aHost({ n: 2 })];
const refusal = { direction: 'in', peer: '10.0.0.9', protocol: 'tcp', port: 445, atMs: NOW.nowMs } as const;

test('a quarantine refused whatever was refused before its end', () => {
  const { containments } = compileHost(aPolicy({ containments: [aQuarantine()] }), HOSTS, hostId(1), NOW);
  expect(isContainedRefusal(containments, refusal)).toBe(true);
  expect(isContainedRefusal(containments, { ...refusal, direction: 'out', port: 9 })).toBe(true);
  expect(isContainedRefusal(containments, { ...refusal, atMs: Date.UTC(2026, 0, 15, 4) })).toBe(false);
});

test('a closed service refused those who are not exempted, on its ports, inbound', () => {
  const closure = aClosure({ services: 'tcp/445,icmp/8', except: ['host:h2 to h1'] });
  const { containments } = compileHost(aPolicy({ zones: [aZone({ mode: 'test' })], containments: [closure] }), HOSTS, hostId(1), NOW);
  expect(isContainedRefusal(containments, refusal)).toBe(true);
  expect(isContainedRefusal(containments, { ...refusal, protocol: 'icmp', port: 0 })).toBe(true);
  for (const other of [{ peer: '10.0.0.2' }, { port: 446 }, { protocol: 'udp' }, { direction: 'out' as const }]) expect(isContainedRefusal(containments, { ...refusal, ...other })).toBe(false);
});
