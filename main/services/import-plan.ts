import type { FieldChange } from '../../shared/contract/host-imports.ts';
import type { SshIdentity } from '../../shared/model/host.ts';
import type { Labels } from '../../shared/model/label.ts';
import type { HostRecord } from '../db/host-store.ts';
import type { ListedHost, RefusedHost } from '../imports/listed-host.ts';
import { listChanges, mergeListed } from './import-merge.ts';
import { createTakenAddresses } from './taken-addresses.ts';

export type PlannedHost = { readonly listed: ListedHost; readonly record: HostRecord };
export type PlannedChange = PlannedHost & { readonly before: HostRecord; readonly changes: readonly FieldChange[] };
/** `added` with jump hosts before those behind them; the others in the order of the source. */
export type ImportPlan = { readonly added: readonly PlannedHost[]; readonly changed: readonly PlannedChange[]; readonly known: readonly string[]; readonly skipped: number; readonly refused: readonly RefusedHost[] };
export type ImportChoice = { readonly labels: Labels; readonly update: boolean; readonly only: readonly string[] | null; readonly identity: SshIdentity | null };

/** A change that stands in the way of others is taken back, and the rest is looked at anew; after so many times all that are left are. */
const MAX_ROUNDS = 20;

/** What would come of each host of a source: pure but for the ids that `toRecord` draws. Changes are planned for `update` alone to be carried out, and told in any case. */
export function planImport(hosts: readonly ListedHost[], there: readonly HostRecord[], { labels, update, only, identity }: ImportChoice, toRecord: (host: ListedHost) => HostRecord): ImportPlan {
  const byName = new Map(there.map((record) => [record.name, record]));
  const picked = (only === null ? hosts : withJumpHosts(hosts, only)).map((host) => ({ ...withIdentity(host, identity), labels: { ...host.labels, ...labels } }));
  const [fresh, changed, known]: [PlannedHost[], PlannedChange[], string[]] = [[], [], []];
  for (const listed of picked) {
    const before = byName.get(listed.name);
    if (before === undefined) {
      fresh.push({ listed, record: toRecord(listed) });
      continue;
    }
    const record = mergeListed(before, listed);
    const changes = listChanges(before, record);
    if (changes.length === 0) known.push(listed.name);
    else changed.push({ listed, record, before, changes });
  }
  const settled = settleAll(there, fresh, update ? changed : []);
  return { ...settled, changed: update ? settled.changed : changed, known, skipped: hosts.length - picked.length };
}

/** Only where the source names none. */
const withIdentity = (host: ListedHost, identity: SshIdentity | null): ListedHost => (identity === null || host.ssh === null || !host.assumed.includes('identity') ? host : { ...host, ssh: { ...host.ssh, identity } });

function withJumpHosts(hosts: readonly ListedHost[], only: readonly string[]): ListedHost[] {
  const byName = new Map(hosts.map((host) => [host.name, host]));
  const wanted = new Set(only);
  // A set that grows while it is walked is walked to its end.
  for (const name of wanted) {
    const jump = byName.get(name)?.ssh?.jump;
    if (jump != null) wanted.add(jump);
  }
  return hosts.filter(({ name }) => wanted.has(name));
}

type Settled = Pick<ImportPlan, 'added' | 'changed' | 'refused'>;

function settleAll(there: readonly HostRecord[], fresh: readonly PlannedHost[], wanted: readonly PlannedChange[]): Settled {
  let changes = wanted;
  const takenBack: RefusedHost[] = [];
  for (let round = 0; ; round += 1) {
    const { added, refused } = settle(there, fresh, changes);
    const failed = changes.filter(({ listed }) => refused.has(listed.name));
    if (failed.length === 0) return { added, changed: changes, refused: [...takenBack, ...fresh.flatMap(({ listed }) => toRefused(listed, refused.get(listed.name)))] };
    const back = round < MAX_ROUNDS ? failed : changes;
    for (const { listed } of back) takenBack.push(...toRefused(listed, refused.get(listed.name) ?? 'its change depends on others that cannot be made'));
    changes = changes.filter((one) => !back.includes(one));
  }
}

const toRefused = ({ file, line, name }: ListedHost, reason: string | undefined): RefusedHost[] => (reason === undefined ? [] : [{ file, line, name, reason }]);

/** Jump hosts come before those behind them, whatever their order in the file; what waits for one that never comes is refused, and so is a circle. Each host is looked at once, when the one before it is there. */
function settle(there: readonly HostRecord[], fresh: readonly PlannedHost[], changes: readonly PlannedChange[]): { added: PlannedHost[]; refused: ReadonlyMap<string, string> } {
  const changing = new Set(changes.map(({ listed }) => listed.name));
  const staying = there.filter(({ name }) => !changing.has(name));
  const taken = createTakenAddresses(staying);
  const nodes: { record: HostRecord; planned: PlannedHost | null }[] = [...staying.map((record) => ({ record, planned: null })), ...changes.map((one) => ({ record: one.record, planned: one })), ...fresh.map((one) => ({ record: one.record, planned: one }))];
  const behind = Map.groupBy(nodes, ({ record }) => record.ssh?.jump ?? null);
  const ready = behind.get(null) ?? [];
  behind.delete(null);
  const added: PlannedHost[] = [];
  const refused = new Map<string, string>();
  // Grows while it is walked.
  for (const { record, planned } of ready) {
    const conflict = planned === null ? null : taken.find(record);
    if (conflict !== null) {
      refused.set(record.name, `${conflict.address} is the address of host “${conflict.host}” already`);
      continue;
    }
    if (planned !== null) {
      taken.add(record);
      if (!changing.has(record.name)) added.push(planned);
    }
    if (record.ssh === null) continue;
    for (const next of behind.get(record.name) ?? []) ready.push(next);
    behind.delete(record.name);
  }
  for (const { record, planned } of [...behind.values()].flat()) {
    if (planned !== null) refused.set(record.name, `its jump host “${record.ssh?.jump ?? ''}” is no managed host of the workspace or of the file, or is reached through it`);
  }
  return { added, refused };
}
