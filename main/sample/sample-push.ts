import { appendAudit } from '../db/audit-store.ts';
import { saveBundle, setAppliedBundle } from '../db/bundle-store.ts';
import { appendPushStep, insertPush, setPushOutcome } from '../db/push-store.ts';
import type { WriteDb } from '../db/sql.ts';
import type { PushStep } from '../../shared/model/diff.ts';
import type { HostId, PolicyVersionId } from '../../shared/model/ids.ts';
import type { Backend } from '../services/backend.ts';
import { readDraft } from '../services/draft.ts';
import { readCompiledDraft } from '../services/draft-compiled.ts';
import { type HostBundle, toBundle } from '../services/plan-bundles.ts';
import { printRulesetJson } from '../services/plan-ruleset-json.ts';
import { ensureVersion } from '../services/versions.ts';
import { SAMPLE_HOSTS } from './sample-hosts.ts';

const STEPS: readonly PushStep[] = ['checking', 'checked', 'applying', 'applied', 'proving', 'proved', 'confirming', 'confirmed'];
const STEP_MS = 900;

/** What each host runs, by its hash. */
export type Running = Map<HostId, { hash: string; mode: string }>;

/**
 * Stores a push of the draft as it ends when every host confirms: version, bundles, steps and audit entries, as the real one leaves them. Nothing is sent.
 * `running` is what the hosts ran before, and is brought up to date.
 */
export function storeSamplePush(backend: Backend, note: string, running: Running): PolicyVersionId {
  const bundles = readCompiledDraft(backend).bundles();
  if (bundles === null) throw new Error('the policy of the sample does not compile');
  const withAgent = new Set(SAMPLE_HOSTS.filter(({ kind }) => kind === 'agent').map(({ name }) => name));
  return backend.workspace.transaction((tx) => {
    const version = ensureVersion(backend, tx, readDraft(backend).policy, note).id;
    const members = [...bundles.values()].filter(({ host }) => withAgent.has(host.name)).map(({ host, ruleset }) => toBundle(host, ruleset, version));
    const id = backend.newId.push();
    for (const bundle of members) keepBundle(tx, backend, bundle, version);
    const startedAtMs = backend.nowMs();
    insertPush(tx, {
      id, version, kind: 'push', author: backend.user, note, startedAtMs, confirmWithinSeconds: 60, sessions: 'keep',
      hosts: members.map(({ host, hash }) => ({ host: host.id, hostName: host.name, bundle: hash, formerBundle: running.get(host.id)?.hash ?? null })),
    });
    appendAudit(tx, { atMs: startedAtMs, actor: backend.user, action: 'push.begin', subject: id, detail: `push of version ${version} to ${members.length} hosts: ${note}` });
    for (const { host, hash, mode } of members) {
      if (running.get(host.id)?.hash === hash) {
        appendPushStep(tx, id, { host: host.id, step: 'skipped', detail: 'it runs this already', atMs: startedAtMs });
        continue;
      }
      for (const [i, step] of STEPS.entries()) appendPushStep(tx, id, { host: host.id, step, detail: '', atMs: startedAtMs + (i + 1) * STEP_MS });
      setAppliedBundle(tx, host.id, hash, startedAtMs + STEPS.length * STEP_MS);
      running.set(host.id, { hash, mode });
    }
    const endedAtMs = startedAtMs + (STEPS.length + 1) * STEP_MS;
    setPushOutcome(tx, id, 'confirmed', endedAtMs);
    appendAudit(tx, { atMs: endedAtMs, actor: backend.user, action: 'push.end', subject: id, detail: 'confirmed' });
    return version;
  });
}

function keepBundle(tx: WriteDb, backend: Backend, { host, hash, mode, zone, text, ruleset }: HostBundle, version: PolicyVersionId): void {
  saveBundle(tx, { host: host.id, hash, version, mode, zone, text, rulesetJson: printRulesetJson(ruleset), createdAtMs: backend.nowMs() });
}
