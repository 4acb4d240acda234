import type { PolicyCarried } from '../../shared/contract/bundles.ts';
import { FirebreakError } from '../../shared/errors.ts';
import { compileObserve } from '../../shared/policy/compile.ts';
import { runPolicyTests } from '../../shared/policy/run-policy-tests.ts';
import { findBundle, findHostPolicy, saveBundle } from '../db/bundle-store.ts';
import { highestCarriedSeq, insertCarriedOrder } from '../db/carried-order-store.ts';
import { listCollectionsOf } from '../db/collection-store.ts';
import { findHostState } from '../db/host-state-store.ts';
import type { HostRecord } from '../db/host-store.ts';
import type { ReadDb, WriteDb } from '../db/sql.ts';
import type { BackendContext } from './backend-context.ts';
import { hasMachineId } from './bundle-machine.ts';
import { type CompiledDraft, readCompiledDraft } from './draft-compiled.ts';
import { getHost } from './find-host.ts';
import { type HostBundle, makeDraftBundles, toBundle } from './plan-bundles.ts';
import { printRulesetJson } from './plan-ruleset-json.ts';
import { recordChange } from './record-change.ts';
import { nextBundleSeq, sealBundle } from './seal-bundle.ts';
import { signingKey } from './signing-key.ts';
import type { CarriedFile } from './stick-files.ts';
import { ensureVersion } from './versions.ts';
import type { PolicyVersionId } from '../../shared/model/ids.ts';

/**
 * The draft's rules for hosts that are reached by stick, signed for each, and made a version. What became of them is known when a receipt comes back; an order without one is
 * neither applied nor failed. A later export takes the place of an earlier one on the stick, and the host takes no older one after it.
 * @throws NOT_FOUND · INPUT_INVALID for a host that is not reached by stick, or that no stick can tell from others · GATE_CLOSED where policy tests are broken
 */
export function exportPolicy(ctx: BackendContext, { hosts, note }: { hosts: readonly string[]; note: string }): Pick<PolicyCarried, 'version' | 'hosts'> & { files: CarriedFile[] } {
  const records = [...new Set(hosts)].map((name) => getCarriedHost(ctx, name));
  const draft = readCompiledDraft(ctx);
  const bundles = makeDraftBundles(ctx, draft.policy, draft.fleet);
  const broken = runPolicyTests(draft.policy, draft.fleet, { nowMs: ctx.nowMs() }).broken;
  if (broken.length > 0) throw new FirebreakError('GATE_CLOSED', { what: 'Policy tests are broken', reasons: [...broken] });
  return recordChange(
    ctx,
    {
      action: 'bundles.exportPolicy',
      subject: records
        .map(({ name }) => name)
        .join(' ')
        .slice(0, 500),
      detail: note,
      groups: ['versions', 'policy'],
    },
    (tx) => {
      const version = ensureVersion(ctx, tx, draft.written, note).id;
      const made = records.map((record) => carry(ctx, tx, { record, draft, bundle: getBundle(bundles, record), version, note }));
      return { version, files: made.flatMap(({ files }) => files), hosts: made.map(({ order }) => order) };
    },
  );
}

/** `machine`: by which the order is found on the stick. */
type CarriedHost = HostRecord & { machine: string };

/** @throws NOT_FOUND · INPUT_INVALID as exportPolicy */
export function getCarriedHost(ctx: BackendContext, name: string): CarriedHost {
  const host = getHost(ctx, name);
  const refuse = (message: string): never => {
    throw new FirebreakError('INPUT_INVALID', { issues: [{ path: 'hosts', message }] });
  };
  if (!host.carried) return refuse(`${name} is ${host.ssh === null ? 'unmanaged, and no bundle of it was imported' : 'reached over SSH: firebreak push'}`);
  const machine = listCollectionsOf(ctx.workspace.read, host.id)[0]?.machine;
  if (machine === undefined) return refuse(`no bundle tells any more which machine ${name} is; collect there again, and firebreak bundle import`);
  // By its name alone any other machine of that name would take the order for its own.
  if (!hasMachineId(machine)) return refuse(`${name} has no machine id (/etc/machine-id) by which its order would be found on the stick; give it one, and collect there again`);
  return { ...host, machine };
}

function getBundle(bundles: ReadonlyMap<HostRecord['id'], HostBundle>, host: HostRecord): HostBundle {
  const bundle = bundles.get(host.id);
  if (bundle === undefined) throw new FirebreakError('INTERNAL', { detail: `no bundle was compiled for ${host.name}` });
  return bundle;
}

type Job = { record: CarriedHost; draft: CompiledDraft; bundle: HostBundle; version: PolicyVersionId; note: string };

function carry(
  ctx: BackendContext,
  tx: WriteDb,
  { record, bundle: { host, ruleset }, version, note }: Job,
): { files: CarriedFile[]; order: PolicyCarried['hosts'][number] } {
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
  const file = (name: string, text: string): CarriedFile => ({ path: `policy/${record.name}/${name}`, text, mode: 'file' });
  const by = ctx.user.replaceAll(/[^A-Za-z0-9._@-]/g, '_').slice(0, 64);
  const files = [
    file('bundle.nft', sealBundle(key, bundle.text, seq)),
    file('observe.nft', sealBundle(key, observe.text, installSeq)),
    // Last: a stick that is pulled out half written has no order for rules that are not on it.
    file('order', `push=${push}\nhost=${record.id}\nname=${record.name}\nby=${by}\nmachine=${record.machine}\nbundle=${bundle.hash}\nversion=${version}\n`),
  ];
  return {
    files,
    order: { host: host.name, push, mode: bundle.mode, zone: bundle.zone, bundle: bundle.hash, seq, warnings: listExportWarnings(tx, record, bundle) },
  };
}

/** Sentences without a full stop. */
export function listExportWarnings(db: ReadDb, record: HostRecord, bundle: Pick<HostBundle, 'mode'>): string[] {
  const used = listCollectionsOf(db, record.id).find(({ usesFacts }) => usesFacts);
  return [
    ...(used !== undefined && used.kit === null ? [`${record.name} is known by a bundle that nobody signed: its addresses and services may be made up`] : []),
    ...(bundle.mode === 'enforce' && record.consoleAddresses.length === 0
      ? [`no console reaches ${record.name}, so SSH to it is open only where a rule says so`]
      : []),
  ];
}
