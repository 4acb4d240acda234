import { saveBundle, setAppliedBundle } from '../../../main/db/bundle-store.ts';
import { appendPushStep, insertPush, setPushOutcome } from '../../../main/db/push-store.ts';
import { saveCounters } from '../../../main/db/rule-counter-store.ts';
import { insertVersion } from '../../../main/db/version-store.ts';
import { recordStatus } from '../../../main/services/agent-record.ts';
import type { Backend } from '../../../main/services/backend.ts';
import { readDraft } from '../../../main/services/draft.ts';
import { listFleet } from '../../../main/services/fleet.ts';
import { addRecord, toStatus } from '../../../main/services/testing/fill-evidence.ts';
import { PolicyVersionId, PushId } from '../../../shared/model/ids.ts';
import { zoneOfHosts } from '../../../shared/policy/zones.ts';

const DAYS = 30;
const DAY_MS = 86_400_000;
const BUNDLE = 'b1';

/** What a month leaves behind on every managed host: a push of the draft to enforce at its beginning, a whole record, and a reading of the counters of twenty rules. */
export function fillRecord(backend: Backend): void {
  const nowMs = backend.nowMs();
  const pushedAtMs = nowMs - (DAYS + 1) * DAY_MS;
  const { policy, hash } = readDraft(backend);
  const fleet = listFleet(backend);
  const hosts = fleet.filter(({ managed }) => managed);
  const zones = zoneOfHosts(policy, fleet);
  const [push, version] = [PushId.parse('p_000000000001'), PolicyVersionId.parse(1)];
  backend.workspace.transaction((tx) => {
    insertVersion(tx, {
      hash,
      author: 'ada',
      note: '',
      createdAtMs: pushedAtMs,
      policy: { ...policy, zones: policy.zones.map((zone) => ({ ...zone, mode: 'enforce' as const })) },
    });
    for (const { id } of hosts)
      saveBundle(tx, {
        host: id,
        hash: BUNDLE,
        version,
        mode: 'enforce',
        zone: zones.get(id)?.zone?.name ?? null,
        text: '',
        rulesetJson: 'null',
        createdAtMs: pushedAtMs,
      });
    insertPush(tx, {
      id: push,
      version,
      kind: 'push',
      author: 'ada',
      note: 'all of it',
      startedAtMs: pushedAtMs,
      confirmWithinSeconds: 60,
      sessions: 'keep',
      hosts: hosts.map(({ id, name }) => ({ host: id, hostName: name, bundle: BUNDLE, formerBundle: null })),
    });
    for (const { id } of hosts) {
      appendPushStep(tx, push, { host: id, step: 'applying', detail: '', atMs: pushedAtMs });
      appendPushStep(tx, push, { host: id, step: 'confirmed', detail: '', atMs: pushedAtMs + 1000 });
      setAppliedBundle(tx, id, BUNDLE, pushedAtMs);
      addRecord(tx, id, nowMs, DAYS * 24);
      saveCounters(tx, id, {
        readAtMs: nowMs,
        sinceMs: pushedAtMs,
        bundle: BUNDLE,
        counters: policy.rules.slice(0, 20).map(({ id: rule }) => ({ rule, direction: 'in', packets: 7, bytes: 420 })),
      });
    }
    setPushOutcome(tx, push, 'confirmed', pushedAtMs + 1000);
  });
  for (const { id } of hosts) recordStatus(backend, id, toStatus(id));
}
