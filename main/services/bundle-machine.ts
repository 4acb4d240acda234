import type { AgentFacts } from '../../shared/contract/agent-replies.ts';
import type { HostId } from '../../shared/model/ids.ts';
import { inert } from '../../shared/text/inert.ts';
import { getCollectionFacts, listCollections } from '../db/collection-store.ts';
import { listMachineIds } from '../db/host-state-store.ts';
import { listHosts } from '../db/host-store.ts';
import type { ReadDb } from '../db/sql.ts';
import { type BundleManifest, machineOf, toPlainWord } from '../imports/bundle/bundle-manifest.ts';
import { listDiscoveredAddresses } from './host-addresses.ts';

/** `host` undefined: none that is known. `note`: what was concluded where the machine could not be told for certain, a sentence without a full stop. */
export type FoundMachine = { readonly host: HostId | undefined; readonly note: string | null };

/** A machine without an id (no /etc/machine-id) is known by its name alone, which any other may have: `machineOf` then begins with a space. */
export const hasMachineId = (machine: string): boolean => !machine.startsWith(' ');
export const nameOfMachine = (machine: string): string => machine.slice(machine.indexOf(' ') + 1);

/**
 * The host that a bundle is about. By its machine id and name where it has an id. Without one, a host of the same name that has none either is taken for the same only if they have an address in common, and
 * that is said; otherwise it is kept apart, and that is said too. Hosts of one name never become one in silence.
 */
export function findMachine(db: ReadDb, manifest: Pick<BundleManifest, 'machineId' | 'hostname'>, facts: AgentFacts): FoundMachine {
  const machine = machineOf(manifest);
  const all = listCollections(db);
  const names = new Map(listHosts(db).map((host) => [host.id, host.name] as const));
  const sameMachine = [...new Set(all.filter((one) => one.machine === machine).map(({ host }) => host))];
  const shown = inert(manifest.hostname).slice(0, 60);
  if (hasMachineId(machine)) {
    const host = sameMachine[0] ?? listMachineIds(db).find((said) => said.machineId !== '' && machineOf(said) === machine)?.host;
    if (host !== undefined) return { host, note: null };
    const others = hostsCalled(all, toPlainWord(manifest.hostname)).flatMap((id) => names.get(id) ?? []);
    return { host, note: others.length === 0 ? null : `another machine is called “${shown}” too (${others.join(', ')}); by their machine ids they are two, and this one is kept apart` };
  }
  const own = listDiscoveredAddresses(facts);
  for (const host of sameMachine) {
    const shared = all.filter((one) => one.host === host && one.machine === machine).flatMap(({ id }) => listDiscoveredAddresses(getCollectionFacts(db, id))).find((address) => own.includes(address));
    if (shared !== undefined) return { host, note: `it has no machine id (/etc/machine-id): it was taken for ${names.get(host) ?? ''} by its name “${shown}” and its address ${shared}, which another machine may have as well` };
  }
  const others = hostsCalled(all, toPlainWord(manifest.hostname)).flatMap((id) => names.get(id) ?? []);
  return {
    host: undefined,
    note:
      others.length === 0
        ? 'it has no machine id (/etc/machine-id): only its name and addresses tell it from other machines, and no rules can be carried to it'
        : `it has no machine id (/etc/machine-id), and another is called “${shown}” too (${others.join(', ')}): they have no address in common, so this one is kept apart; if they are one machine, remove one of its bundles`,
  };
}

const hostsCalled = (all: readonly { machine: string; host: HostId }[], plainName: string): HostId[] => [...new Set(all.filter(({ machine }) => nameOfMachine(machine) === plainName).map(({ host }) => host))];
