import type { PolicyCarried } from '../../shared/contract/bundles.ts';
import { FirebreakError } from '../../shared/errors.ts';
import type { PolicyVersionId } from '../../shared/model/ids.ts';
import { compileObserve } from '../../shared/policy/compile.ts';
import { findLockouts } from '../../shared/policy/lockout.ts';
import { runPolicyTests } from '../../shared/policy/run-policy-tests.ts';
import { findBundle, findHostPolicy, saveBundle } from '../db/bundle-store.ts';
import { highestCarriedSeq, insertCarriedOrder } from '../db/carried-order-store.ts';
import { listCollectionsOf } from '../db/collection-store.ts';
import { findFacts, findHostState } from '../db/host-state-store.ts';
import type { HostRecord } from '../db/host-store.ts';
import type { ReadDb, WriteDb } from '../db/sql.ts';
import type { BackendContext } from './backend-context.ts';
import { type CarriedWay, toOrderNote } from './carried-way.ts';
import { type CompiledDraft, readCompiledDraft } from './draft-compiled.ts';
import { type HostBundle, makeDraftBundles, toBundle } from './plan-bundles.ts';
import { findConsoleHost, listJumps } from './plan-jumps.ts';
import { printRulesetJson } from './plan-ruleset-json.ts';
import { recordChange } from './record-change.ts';
import { nextBundleSeq, sealBundle } from './seal-bundle.ts';
import { signingKey } from './signing-key.ts';
import { ensureVersion } from './versions.ts';

/** The signed rules of one host, and the signed observe bundle that an install there begins with, whose number is the one below. `by`: a word for the agent. */
export type MadeOrder<H extends HostRecord = HostRecord> = { record: H; order: PolicyCarried['hosts'][number]; version: PolicyVersionId; by: string; rules: string; observe: string };

const ACTIONS = { stick: 'bundles.exportPolicy', ansible: 'bundles.exportAnsible', image: 'bundles.makeImages' } as const satisfies Record<CarriedWay, string>;

/**
 * The draft's rules for hosts, signed for each, and made a version; each an order whose end is told by a receipt or by the host itself. `check` refuses what must not be carried that way; nothing is stored then.
 * @throws GATE_CLOSED where policy tests are broken · PLAN_REFUSED where rules deny SSH from a console, but for sticks · INPUT_INVALID as makeDraftBundles
 */
export function makeOrders<H extends HostRecord>(
  ctx: BackendContext,
  records: readonly H[],
  { way, note, check = () => undefined }: { way: CarriedWay; note: string; check?: (record: H, bundle: HostBundle) => void },
): { version: PolicyVersionId; orders: MadeOrder<H>[] } {
  const draft = readCompiledDraft(ctx);
  const bundles = makeDraftBundles(ctx, draft.policy, draft.fleet);
  const jobs = records.map((record) => ({ record, bundle: getBundle(bundles, record) }));
  for (const { record, bundle } of jobs) check(record, bundle);
  const broken = runPolicyTests(draft.policy, draft.fleet, { nowMs: ctx.nowMs() }).broken;
  if (broken.length > 0) throw new FirebreakError('GATE_CLOSED', { what: 'Policy tests are broken', reasons: [...broken] });
  if (way !== 'stick') assertNoLockout(ctx, draft, records);
  const subject = records.map(({ name }) => name).join(' ').slice(0, 500);
  return recordChange(ctx, { action: ACTIONS[way], subject, detail: note, groups: ['versions', 'policy'] }, (tx) => {
    const version = ensureVersion(ctx, tx, draft.written, note).id;
    return { version, orders: jobs.map((job) => makeOrder(ctx, tx, { ...job, version, note: toOrderNote(way, note) })) };
  });
}

/** As before a push: nobody stands at the keyboard, and a first boot confirms by itself. @throws PLAN_REFUSED */
function assertNoLockout(ctx: BackendContext, { policy, fleet }: CompiledDraft, records: readonly HostRecord[]): void {
  const jumps = listJumps(ctx, fleet);
  const ids = new Set(records.map(({ id }) => id));
  const touched = new Set([...ids, ...jumps.filter(({ through }) => ids.has(through)).map(({ host }) => host)]);
  const names = new Set<string>(fleet.filter(({ id }) => touched.has(id)).map(({ name }) => name));
  const refusals = findLockouts(policy, fleet, { nowMs: ctx.nowMs(), jumps, consoleHost: findConsoleHost(ctx, fleet)?.id ?? null }).filter(({ host }) => names.has(host));
  if (refusals.length > 0) throw new FirebreakError('PLAN_REFUSED', { refusals });
}

function getBundle(bundles: ReadonlyMap<HostRecord['id'], HostBundle>, host: HostRecord): HostBundle {
  const bundle = bundles.get(host.id);
  if (bundle === undefined) throw new FirebreakError('INTERNAL', { detail: `no bundle was compiled for ${host.name}` });
  return bundle;
}

function makeOrder<H extends HostRecord>(ctx: BackendContext, tx: WriteDb, { record, bundle: { host, ruleset }, version, note }: { record: H; bundle: HostBundle; version: PolicyVersionId; note: string }): MadeOrder<H> {
  const bundle = toBundle(host, ruleset, version);
  const observe = toBundle(host, compileObserve(host), 0);
  const status = findHostState(tx, record.id)?.status ?? null;
  // The observe bundle of an install comes first, and the host takes nothing with a number that is not above it.
  const installSeq = nextBundleSeq(Math.max(status?.bundleSeq ?? 0, highestCarriedSeq(tx, record.id)), ctx.nowMs());
  const seq = installSeq + 1;
  const push = ctx.newId.push();
  for (const [made, of] of [
    [observe, null],
    [bundle, version],
  ] as const) {
    saveBundle(tx, {
      host: record.id,
      hash: made.hash,
      version: of ?? findBundle(tx, record.id, made.hash)?.version ?? null,
      mode: made.mode,
      zone: made.zone,
      text: made.text,
      rulesetJson: printRulesetJson(made.ruleset),
      createdAtMs: ctx.nowMs(),
    });
  }
  const formerBundle = findHostPolicy(tx, record.id)?.appliedBundle ?? observe.hash;
  insertCarriedOrder(tx, { push, host: record.id, bundle: bundle.hash, formerBundle, version, seq, note, madeAtMs: ctx.nowMs(), madeBy: ctx.user });
  const key = signingKey(ctx);
  return {
    record,
    version,
    by: ctx.user.replaceAll(/[^A-Za-z0-9._@-]/g, '_').slice(0, 64),
    rules: sealBundle(key, bundle.text, seq),
    observe: sealBundle(key, observe.text, installSeq),
    order: { host: host.name, push, mode: bundle.mode, zone: bundle.zone, bundle: bundle.hash, seq, warnings: listOrderWarnings(tx, record, bundle) },
  };
}

/** Sentences without a full stop. */
export function listOrderWarnings(db: ReadDb, record: HostRecord, { mode, ruleset }: Pick<HostBundle, 'mode' | 'ruleset'>): string[] {
  const used = listCollectionsOf(db, record.id).find(({ usesFacts }) => usesFacts);
  return [
    ...(used !== undefined && used.kit === null ? [`${record.name} is known by a bundle that nobody signed: its addresses and services may be made up`] : []),
    ...(mode === 'enforce' && record.consoleAddresses.length === 0 ? [`no console reaches ${record.name}, so SSH to it is open only where a rule says so`] : []),
    ...(mode === 'enforce' && ruleset.outbound === 'restricted' && findFacts(db, record.id) === null
      ? [`${record.name} was never read: which resolvers and time servers it uses is not known, and its rules let it ask none unless a rule does; collect there when it is up, and push`]
      : []),
  ];
}
