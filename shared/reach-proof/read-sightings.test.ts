import { expect, test } from 'vitest';
import type { AgentWitness } from '../contract/agent-replies.ts';
import { createSightings } from './read-sightings.ts';

const witness = (...lines: string[]): AgentWitness => ({
  v: 1,
  full: false,
  seen: lines.map((line) => {
    const [point, source = '', sourcePort, destination = '', port] = line.split(' ');
    return [point as 'sent', source, Number(sourcePort), destination, Number(port)];
  }),
});
const FOUR = { source: '10.0.0.1', destination: '10.0.0.2', port: 5432 };

test('a try whose own port is known is that SYN alone, whatever else passed meanwhile', () => {
  const source = witness('sent 10.0.0.1 1001 10.0.0.2 5432', 'left 10.0.0.1 1001 10.0.0.2 5432', 'sent 10.0.0.1 1002 10.0.0.2 5432');
  const destination = witness('arrived 10.0.0.1 1001 10.0.0.2 5432', 'arrived 10.0.0.1 1009 10.0.0.2 5432', 'entered 10.0.0.1 1009 10.0.0.2 5432');
  expect(createSightings(source, destination)({ ...FOUR, ownPort: 1001 })).toEqual({ sent: 'yes', left: 'yes', arrived: 'yes', entered: 'no' });
});

test('one whose port is not known is as all that the source sent there, or mixed', () => {
  const source = witness('sent 10.0.0.1 1001 10.0.0.2 5432', 'left 10.0.0.1 1001 10.0.0.2 5432', 'sent 10.0.0.1 1002 10.0.0.2 5432', 'left 10.0.0.1 1002 10.0.0.2 5432');
  const all = witness('arrived 10.0.0.1 1001 10.0.0.2 5432', 'arrived 10.0.0.1 1002 10.0.0.2 5432', 'entered 10.0.0.1 1001 10.0.0.2 5432');
  expect(createSightings(source, all)({ ...FOUR, ownPort: null })).toEqual({ sent: 'yes', left: 'yes', arrived: 'yes', entered: 'mixed' });
});

test('what was sent to another port or by another address is not it', () => {
  const source = witness('sent 10.0.0.1 1001 10.0.0.2 5433', 'sent 10.0.0.3 1001 10.0.0.2 5432');
  expect(createSightings(source, witness())({ ...FOUR, ownPort: null })).toEqual({ sent: 'no', left: 'no', arrived: 'no', entered: 'no' });
});

test('IPv6 is the same however it is written', () => {
  const source = witness('sent fd00:0:0:0:0:0:0:1 1001 fd00:0:0:0:0:0:0:2 22', 'left fd00:0:0:0:0:0:0:1 1001 fd00:0:0:0:0:0:0:2 22');
  expect(createSightings(source, witness('arrived fd00:0:0:0:0:0:0:1 1001 fd00:0:0:0:0:0:0:2 22'))({ source: 'fd00::1', destination: 'fd00::2', port: 22, ownPort: null })).toEqual({ sent: 'yes', left: 'yes', arrived: 'yes', entered: 'no' });
});

test('who did not witness, or saw more than it could keep, says nothing', () => {
  const source = witness('sent 10.0.0.1 1001 10.0.0.2 5432', 'left 10.0.0.1 1001 10.0.0.2 5432');
  expect(createSightings(source, null)({ ...FOUR, ownPort: null })).toEqual({ sent: 'yes', left: 'yes', arrived: 'unknown', entered: 'unknown' });
  expect(createSightings(source, { ...witness(), full: true })({ ...FOUR, ownPort: 1001 })).toMatchObject({ arrived: 'unknown', entered: 'unknown' });
  expect(createSightings(null, witness('arrived 10.0.0.1 1001 10.0.0.2 5432'))({ ...FOUR, ownPort: null })).toEqual({ sent: 'unknown', left: 'unknown', arrived: 'unknown', entered: 'unknown' });
  expect(createSightings(null, witness('arrived 10.0.0.1 1001 10.0.0.2 5432'))({ ...FOUR, ownPort: 1001 })).toEqual({ sent: 'unknown', left: 'unknown', arrived: 'yes', entered: 'no' });
});
