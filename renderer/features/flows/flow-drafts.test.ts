import { expect, test } from 'vitest';
import { FlowRow } from '../../../shared/contract/views.ts';
import { draftsOfFlows } from './flow-drafts.ts';

let id = 0;
const aFlow = (fields: Partial<FlowRow>): FlowRow => {
  id += 1;
  return FlowRow.parse({
    id, reporter: null, reporterName: '10.0.0.1', direction: 'in', peerAddress: '10.30.0.5', peerHost: null, peerName: '10.30.0.5', protocol: 'tcp', port: 443, user: null, unit: null, process: null,
    processConfidence: 'unknown', zone: null, verdict: 'accepted', policyVersion: null, connections: 1, firstSeenAtMs: 0, lastSeenAtMs: 0, draft: { kind: 'unknown', why: '' }, origin: null, ...fields,
  });
};

test('nothing chosen makes no rule', () => {
  expect(draftsOfFlows([], [], [])).toEqual([]);
});

test('flows between the same two ends make one rule with all their services, whichever end told of them', () => {
  const drafts = draftsOfFlows([aFlow({}), aFlow({ port: 80 }), aFlow({ direction: 'out', reporterName: '10.30.0.5', peerName: '10.0.0.1', peerAddress: '10.0.0.1' })], [], []);
  expect(drafts).toMatchObject([{ from: '10.30.0.5', to: '10.0.0.1', services: 'tcp/443, tcp/80', flows: 3, problem: null }]);
  expect(drafts[0]?.rule?.services).toHaveLength(2);
});

test('an end that no rule can name is told with what is wrong, and makes no rule', () => {
  const [draft] = draftsOfFlows([aFlow({ peerName: 'somebody' })], [], []);
  expect(draft).toMatchObject({ from: 'somebody', rule: null, problem: expect.any(String) });
});
