import { expect, test } from 'vitest';
import { listHostWarnings } from './host-warnings.ts';

const limits = { cpuPercent: 1, addedLatencyMs: 2, storedMegabytes: 256 };
const codes = (evidence: Omit<Parameters<typeof listHostWarnings>[0], 'limits'>) => listHostWarnings({ ...evidence, limits }).map(({ code }) => code);

test('ways past the rules come first, and are told of a host without an agent too', () => {
  const status = { timerEnabled: false, bootUnitEnabled: false };
  const bypasses = ['On the network by macvlan'];
  expect(codes({ managed: true, status, footprint: undefined, bypasses })).toEqual(['BYPASS', 'TIMER_OFF', 'BOOT_UNIT_OFF']);
  expect(codes({ managed: true, status: null, footprint: undefined, bypasses })).toEqual(['BYPASS']);
  expect(codes({ managed: false, status: null, footprint: undefined, bypasses })).toEqual([]);
});
