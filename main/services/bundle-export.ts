import type { PolicyCarried } from '../../shared/contract/bundles.ts';
import { FirebreakError } from '../../shared/errors.ts';
import { listCollectionsOf } from '../db/collection-store.ts';
import type { HostRecord } from '../db/host-store.ts';
import type { BackendContext } from './backend-context.ts';
import { hasMachineId } from './bundle-machine.ts';
import { type MadeOrder, makeOrders } from './carried-orders.ts';
import { getHost } from './find-host.ts';
import type { CarriedFile } from './stick-files.ts';

/**
 * The draft's rules for hosts that are reached by stick, signed for each, and made a version. What became of them is known when a receipt comes back; an order without one is
 * neither applied nor failed. A later export takes the place of an earlier one on the stick, and the host takes no older one after it.
 * @throws NOT_FOUND · INPUT_INVALID for a host that is not reached by stick, or that no stick can tell from others · GATE_CLOSED where policy tests are broken
 */
export function exportPolicy(ctx: BackendContext, { hosts, note }: { hosts: readonly string[]; note: string }): Pick<PolicyCarried, 'version' | 'hosts'> & { files: CarriedFile[] } {
  const records = [...new Set(hosts)].map((name) => getCarriedHost(ctx, name));
  const { version, orders } = makeOrders(ctx, records, { way: 'stick', note });
  return { version, files: orders.flatMap(toStickFiles), hosts: orders.map(({ order }) => order) };
}

function toStickFiles({ record, order, version, by, rules, observe }: MadeOrder<CarriedHost>): CarriedFile[] {
  const file = (name: string, text: string): CarriedFile => ({ path: `policy/${record.name}/${name}`, text, mode: 'file' });
  return [
    file('bundle.nft', rules),
    file('observe.nft', observe),
    // Last: a stick that is pulled out half written has no order for rules that are not on it.
    file('order', `push=${order.push}\nhost=${record.id}\nname=${record.name}\nby=${by}\nmachine=${record.machine}\nbundle=${order.bundle}\nversion=${version}\n`),
  ];
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
