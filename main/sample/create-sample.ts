import { rmSync } from 'node:fs';
import { setImmediate as takeTurns } from 'node:timers/promises';
import { createWorkspace } from '../db/create-workspace.ts';
import { markAsSample } from '../db/sample-mark.ts';
import { RuleId } from '../../shared/model/ids.ts';
import type { ZoneMode } from '../../shared/model/policy.ts';
import { parsePeer } from '../../shared/text/peer-text.ts';
import { parseServiceRefs } from '../../shared/text/service-text.ts';
import { type Backend, createBackend } from '../services/backend.ts';
import { createClosedPool } from '../services/closed-pool.ts';
import { editDraft } from '../services/draft.ts';
import { importDraft } from '../services/import-draft.ts';
import { createNewId } from '../services/new-id.ts';
import { readReadiness, setZoneMode } from '../services/zone-mode.ts';
import { FirebreakError } from '../../shared/errors.ts';
import { createRandom } from '../../shared/seeded-random.ts';
import { recordSamplePeriod } from './sample-flows.ts';
import { SAMPLE_HOSTS } from './sample-hosts.ts';
import { addSampleHosts, saveSampleStates } from './sample-inventory.ts';
import { writeSamplePolicy } from './sample-policy.ts';
import { type Running, storeSamplePush } from './sample-push.ts';

const DAY_MS = 86_400_000;
const MONTH_DAYS = 30;

export type SampleOrder = { path: string; user: string; /** When the story ends; the same end gives the same workspace. */ nowMs: number };
export type SampleSummary = { path: string; hosts: number; flows: number };

/**
 * Makes a workspace with a generated company in it: its hosts, a month of flows, three versions of its policy and a draft that waits for a review. Marked as a sample for
 * ever; all of its addresses are documentation. Takes some seconds. @throws as createWorkspace; nothing is left behind when it fails
 */
export async function createSample({ path, user, nowMs }: SampleOrder): Promise<SampleSummary> {
  createWorkspace(path);
  const clock = { nowMs: nowMs - (MONTH_DAYS + 1) * DAY_MS };
  const random = createRandom(1);
  const sshPool = createClosedPool(() => new FirebreakError('SAMPLE_CONNECTS_TO_NOTHING', { path }));
  try {
    const backend = createBackend({ workspacePath: path, user, nowMs: () => clock.nowMs, newId: createNewId((n) => random.below(n)), sshPool });
    try {
      return { path, hosts: SAMPLE_HOSTS.length, flows: await tellStory(backend, clock, nowMs) };
    } finally {
      await backend.close();
    }
  } catch (error) {
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
    throw error;
  }
}

/** The month, oldest first. Gives how many flows there are. Between its parts everything else of a window gets its turn. */
async function tellStory(backend: Backend, clock: { nowMs: number }, endMs: number): Promise<number> {
  const running: Running = new Map();
  backend.workspace.transaction((tx) => markAsSample(tx, endMs));
  addSampleHosts(backend);
  importDraft(backend, { text: writeSamplePolicy(endMs), fileName: 'sample-policy.yaml', dryRun: false, take: 'replace' });
  const go = async (untilDays: number, note: string): Promise<number> => {
    await takeTurns();
    const fromMs = clock.nowMs;
    const version = storeSamplePush(backend, note, running);
    clock.nowMs = endMs - untilDays * DAY_MS;
    await takeTurns();
    return recordSamplePeriod(backend, { fromMs, untilMs: clock.nowMs, endMs, version });
  };
  clock.nowMs = endMs - MONTH_DAYS * DAY_MS;
  let flows = await go(16, 'Observe everything');
  for (const zone of ['shop-data', 'shop-front', 'crm']) moveZone(backend, zone, 'test', 'agreed with the team: two weeks are enough');
  flows += await go(6, 'Shop and CRM to test');
  moveZone(backend, 'shop-data', 'enforce', 'reviewed with the shop team');
  flows += await go(0, 'What the shop stores to enforce');
  saveSampleStates(backend, (host) => running.get(host));
  moveZone(backend, 'warehouse', 'test', 'trial before the audit');
  addDraftRule(backend);
  return flows;
}

function moveZone(backend: Backend, name: string, mode: ZoneMode, reason: string): void {
  const open = readReadiness(backend, name, mode).filter(({ state }) => state === 'blocker');
  setZoneMode(backend, { name, mode, waivers: open.map(({ check }) => ({ check, reason })) });
}

/** The order queue is new and has no rule yet: what enforces refuses it, and the draft gives it one. */
function addDraftRule(backend: Backend): void {
  const [from, to, services] = [parsePeer('app=shop,role=app,env=prod'), parsePeer('app=shop,role=queue,env=prod'), parseServiceRefs('tcp/5672')];
  if (!from.ok || !to.ok || !services.ok) throw new Error('the draft of the sample cannot be read');
  const rule = {
    id: RuleId.parse('r_sample000024'), action: 'allow' as const, from: from.value, to: to.value, services: services.value,
    owner: 'shop team', reason: 'order queue', ticket: 'SHOP-230', reviewOn: null, expiresOn: null, as: null, servedBy: null, schedule: null,
  };
  editDraft(backend, { action: 'policy.addRules', subject: rule.id, detail: 'order queue' }, (policy) => ({ policy: { ...policy, rules: [...policy.rules, rule] }, result: undefined }));
}
