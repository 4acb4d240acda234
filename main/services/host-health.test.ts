import { afterEach, beforeEach, expect, test } from 'vitest';
import { AgentStatus } from '../../shared/contract/agent-replies.ts';
import type { HostId } from '../../shared/model/ids.ts';
import { saveBundle, setAppliedBundle } from '../db/bundle-store.ts';
import { recordStatus } from './agent-record.ts';
import { listHealth } from './host-health.ts';
import { addTestHost, makeBackend, type TestBackend } from './testing/test-backend.ts';

let at: TestBackend;
let web: HostId;
beforeEach(async () => {
  at = makeBackend();
  await addTestHost(at.client, 1, 'web-1');
  web = at.hostId('web-1');
});
afterEach(() => at.close());

const GONE = 'It had an agent, and now it has none: somebody removed it, or the machine was made anew. Nothing is pushed to it until: firebreak agent install web-1.';
const attention = (): string[] => listHealth(at.backend)[0]?.attention ?? [];
const aStatus = (change: object): AgentStatus =>
  AgentStatus.parse({
    v: 1, agentVersion: '0.1.0', hostId: web, bootId: 'b', clock: 1, loaded: true, runningBundle: null, runningMode: null, runningSeq: null, confirmedBundle: null, confirmedSeq: null,
    kernelHash: 'k', expectedKernelHash: 'k', pending: null, last: null, timerEnabled: true, bootUnitEnabled: true, spoolBytes: 0, spoolFiles: 0, ...change,
  });

test('a host whose agent went away after rules were sent there needs attention, and one that never had any does not', () => {
  recordStatus(at.backend, web, null);
  expect(attention()).not.toContain(GONE);
  at.backend.workspace.transaction((tx) => {
    saveBundle(tx, { host: web, hash: 'abc', version: null, mode: 'enforce', zone: null, text: '', rulesetJson: 'null', createdAtMs: 1 });
    setAppliedBundle(tx, web, 'abc', 1);
  });
  expect(attention()).toContain(GONE);
});

test.each([
  [true, { pinned: true }],
  [false, { pinned: false }],
  [false, {}],
])('keyPinned is %s of a host that says %j', (keyPinned, said) => {
  recordStatus(at.backend, web, aStatus(said));
  expect(listHealth(at.backend)[0]?.keyPinned).toBe(keyPinned);
  expect(attention().includes('it takes unsigned bundles: install the agent again')).toBe(!keyPinned);
});
