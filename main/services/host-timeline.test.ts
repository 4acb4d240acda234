import { afterEach, beforeEach, expect, test } from 'vitest';
import { PushId } from '../../shared/model/ids.ts';
import type { PushStep } from '../../shared/model/diff.ts';
import type { ZoneMode } from '../../shared/model/policy.ts';
import { saveBundle } from '../db/bundle-store.ts';
import { addHostEvent } from '../db/host-event-store.ts';
import { appendPushStep, insertPush } from '../db/push-store.ts';
import { EMPTY_POLICY } from '../../shared/model/policy.ts';
import { addTestHost, makeBackend, type TestBackend } from './testing/test-backend.ts';
import { ensureVersion } from './versions.ts';

let at: TestBackend;
beforeEach(async () => {
  at = makeBackend();
  await addTestHost(at.client, 1, 'web-1', 'role=web');
  await addTestHost(at.client, 2, 'web-10', 'role=web');
});
afterEach(() => at.close());

const titles = async (name: string) => (await at.client.hosts.timeline({ name })).entries.map(({ kind, title }) => `${kind} ${title}`);

/** A push of `mode` to web-1 that came to `step`, a minute after whatever was before. */
function push(n: number, mode: ZoneMode, step: PushStep): void {
  at.clock.nowMs += 60_000;
  const host = at.hostId('web-1');
  const atMs = at.clock.nowMs;
  at.backend.workspace.transaction((tx) => {
    const { id: version } = ensureVersion(at.backend, tx, EMPTY_POLICY, 'v');
    saveBundle(tx, { host, hash: `bundle ${n}`, version, mode, zone: null, text: '', rulesetJson: 'null', createdAtMs: atMs });
    const id = PushId.parse(`p_${String(n).padStart(12, '0')}`);
    insertPush(tx, { id, version, kind: 'push', author: 'ada', note: `push ${n}`, startedAtMs: atMs, confirmWithinSeconds: 60, sessions: 'keep', hosts: [{ host, hostName: 'web-1', bundle: `bundle ${n}`, formerBundle: null }] });
    appendPushStep(tx, id, { host, step, detail: '', atMs });
  });
}

test('what people, pushes and the agent did to a host is one list, newest first, and nothing of a host with a longer name', async () => {
  at.clock.nowMs += 60_000;
  await at.client.hosts.label({ name: 'web-1', labels: { env: 'prod' } });
  push(1, 'test', 'confirmed');
  at.clock.nowMs += 60_000;
  at.backend.workspace.transaction((tx) => addHostEvent(tx, at.hostId('web-1'), { seq: 1, atMs: at.clock.nowMs, event: 'tampered', fields: { what: 'rules' } }));
  expect(await titles('web-1')).toEqual(['event tampered', 'push push of version 1: confirmed', 'mode observe → test', 'labels labels set by hand', 'command added']);
  expect(await titles('web-10')).toEqual(['command added']);
});

test('a mode changes only with what was confirmed', async () => {
  push(1, 'test', 'confirmed');
  push(2, 'enforce', 'rolled-back');
  push(3, 'test', 'confirmed');
  push(4, 'enforce', 'confirmed');
  expect((await titles('web-1')).filter((title) => title.startsWith('mode'))).toEqual(['mode test → enforce', 'mode observe → test']);
});

test('a host that is not there is not found', async () => {
  await expect(at.client.hosts.timeline({ name: 'gone' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
