import type { HostDetail } from '../../shared/contract/views.ts';
import type { HostId } from '../../shared/model/ids.ts';
import { listAppliedHeads } from '../db/bundle-store.ts';
import { listAddressTimes, type StoredAddressTime } from '../db/host-address-store.ts';
import { listMachines, type StoredMachine } from '../db/host-machine-store.ts';
import type { HostState } from '../db/host-state-store.ts';
import type { HostRecord } from '../db/host-store.ts';
import type { ReadDb } from '../db/sql.ts';
import type { BackendContext } from './backend-context.ts';
import { readHostRecords, readHostStates } from './host-records.ts';

/** What is stored of who each host is and was, beside what the others say: of machines and addresses only the places where two hosts meet. */
export type IdentityBook = {
  readonly names: ReadonlyMap<HostId, string>;
  /** Newest sighting first. */
  readonly machinesOf: ReadonlyMap<HostId, readonly StoredMachine[]>;
  /** Hosts that stand for one machine id; only of ids that several have. */
  readonly clones: ReadonlyMap<string, readonly HostId[]>;
  readonly addressesOf: ReadonlyMap<HostId, readonly StoredAddressTime[]>;
  /** Who has or had an address; only of addresses that several have or had. */
  readonly meetings: ReadonlyMap<string, readonly StoredAddressTime[]>;
  /** Whose agent answered on a host last, where it is that of another host of this workspace. */
  readonly foreignAgents: ReadonlyMap<HostId, HostId>;
  /** Hosts that had an agent of ours, and that said last that they have none. */
  readonly withoutAgent: ReadonlySet<HostId>;
};

const books = new WeakMap<ReadonlyMap<HostId, HostState>, IdentityBook>();

/** Read again only once anything was written: then the states are another map. Thousands of hosts are asked about one by one. */
export function readIdentities(ctx: Pick<BackendContext, 'workspace'>): IdentityBook {
  const states = readHostStates(ctx);
  const book = books.get(states) ?? readBook(ctx.workspace.read, readHostRecords(ctx), [...states.values()]);
  books.set(states, book);
  return book;
}

function readBook(db: ReadDb, hosts: readonly HostRecord[], states: readonly HostState[]): IdentityBook {
  const names = new Map<HostId, string>(hosts.map(({ id, name }) => [id, name]));
  const applied = listAppliedHeads(db);
  const [machines, addresses] = [listMachines(db), listAddressTimes(db)];
  const standing = machines.filter((machine) => machine.standing === 'current');
  const shared = [...Map.groupBy(standing, ({ machineId }) => machineId)].filter(([, of]) => of.length > 1);
  const ids = new Map<string, HostId>([...names.keys()].map((id) => [id, id]));
  const foreign = states.flatMap(({ host, status }): [HostId, HostId][] => {
    const other = ids.get(status?.hostId ?? '');
    return other === undefined || other === host ? [] : [[host, other]];
  });
  return {
    names,
    machinesOf: Map.groupBy(machines, ({ host }) => host),
    clones: new Map(shared.map(([machineId, of]) => [machineId, of.map(({ host }) => host)])),
    addressesOf: Map.groupBy(addresses, ({ host }) => host),
    meetings: new Map([...Map.groupBy(addresses, ({ address }) => address)].filter(([, of]) => of.length > 1)),
    foreignAgents: new Map(foreign),
    withoutAgent: new Set(states.filter(({ host, status, statusAtMs }) => applied.has(host) && status === null && statusAtMs !== null).map(({ host }) => host)),
  };
}

/** For the page of one host. Machines by their newest sighting; addresses that it has, then those that left it. */
export function readIdentityTimes(ctx: Pick<BackendContext, 'workspace'>, host: HostId): Pick<HostDetail, 'machines' | 'addressTimes'> {
  const book = readIdentities(ctx);
  return {
    machines: (book.machinesOf.get(host) ?? []).map(({ host: _, ...machine }) => machine),
    addressTimes: (book.addressesOf.get(host) ?? []).map(({ host: _, ...time }) => time),
  };
}

export type Machines = { readonly current: StoredMachine | undefined; readonly waiting: StoredMachine | undefined };

export function machinesOf(book: IdentityBook, host: HostId): Machines {
  const of = book.machinesOf.get(host) ?? [];
  return { current: of.find(({ standing }) => standing === 'current'), waiting: of.find(({ standing }) => standing === 'waiting') };
}

/** Whether the machine that answered last is another than the host stands for, so that nothing may be sent there. */
export function isRebuilt(book: IdentityBook, host: HostId): boolean {
  const { current, waiting } = machinesOf(book, host);
  return waiting !== undefined && current !== undefined && waiting.lastSeenAtMs >= current.lastSeenAtMs;
}
