import { expect, test } from 'vitest';
import { FlowRow } from '../../../shared/contract/views.ts';
import { explainEndsOf } from './flow-ends.ts';

const aRow = (fields: Partial<FlowRow>): FlowRow =>
  FlowRow.parse({
    id: 1,
    reporter: 'h_000000000001',
    reporterName: 'web-1',
    direction: 'out',
    peerAddress: '10.0.0.2',
    peerHost: 'h_000000000002',
    peerName: 'db-1',
    protocol: 'tcp',
    port: 5432,
    user: 'backup',
    unit: null,
    process: null,
    processConfidence: 'unknown',
    zone: null,
    verdict: 'accepted',
    policyVersion: null,
    connections: 1,
    firstSeenAtMs: 0,
    lastSeenAtMs: 0,
    draft: { kind: 'allowed', by: 'r_000000000001' },
    origin: null,
    ...fields,
  });

test('a flow that left a host is explained as its user, as the list judged it', () => {
  expect(explainEndsOf(aRow({}))).toEqual({ from: 'web-1', to: 'db-1', service: 'tcp/5432', as: 'user:backup' });
});

test('nobody is named as the sender of what comes in, nor where the user is unknown or has no name that a rule could have', () => {
  expect(explainEndsOf(aRow({ direction: 'in' }))).toEqual({ from: 'db-1', to: 'web-1', service: 'tcp/5432', as: '' });
  expect(explainEndsOf(aRow({ user: null, peerHost: null }))).toEqual({ from: 'web-1', to: '10.0.0.2', service: 'tcp/5432', as: '' });
  expect(explainEndsOf(aRow({ user: 'DOMAIN\\ann' })).as).toBe('');
});
