import { expect, test } from 'vitest';
import { FlowRow } from '../../../shared/contract/views.ts';
import { printFlowsCsv } from './flow-csv.ts';

const aRow = (fields: Partial<FlowRow>): FlowRow =>
  FlowRow.parse({
    id: 1, reporter: 'h_000000000001', reporterName: 'web-1', direction: 'out', peerAddress: '10.0.0.2', peerHost: null, peerName: '10.0.0.2', protocol: 'tcp', port: 5432, user: 'backup', unit: null,
    process: null, processConfidence: 'unknown', zone: null, verdict: 'accepted', policyVersion: null, connections: 7, firstSeenAtMs: 0, lastSeenAtMs: 1000, draft: { kind: 'allowed', by: 'r_000000000001' }, origin: null, ...fields,
  });

test('a row is copied with both ends in the order of the connection, and times in UTC', () => {
  const [, out] = printFlowsCsv([aRow({})]).split('\r\n');
  expect(out).toBe('web-1,10.0.0.2,web-1,out,10.0.0.2,tcp/5432,backup,,,,accepted,allowed,7,1970-01-01T00:00:00.000Z,1970-01-01T00:00:01.000Z,');
  expect(printFlowsCsv([aRow({ direction: 'in' })])).toContain('10.0.0.2,web-1,web-1,in');
});

test('cells that a spreadsheet would run are inert, and those with commas and quotes are quoted', () => {
  const text = printFlowsCsv([aRow({ user: '=HYPERLINK("http://evil")', unit: '@SUM(A1,A2)' })]);
  expect(text).toContain(`"'=HYPERLINK(""http://evil"")","'@SUM(A1,A2)"`);
});

test('without rows there is the header alone', () => {
  expect(printFlowsCsv([]).split('\r\n')).toHaveLength(2);
});
