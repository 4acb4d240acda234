import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnsibleExported, AnsibleOrder } from '../../shared/contract/automation.ts';
import { KitId } from '../../shared/contract/bundles.ts';
import { COLLECTION, printCollection } from '../../shared/automation/ansible-collection.ts';
import { printInventory } from '../../shared/automation/ansible-inventory.ts';
import { listMachineIds } from '../db/host-state-store.ts';
import { listHosts } from '../db/host-store.ts';
import { findKit } from '../db/kit-store.ts';
import { machineOf } from '../imports/bundle/bundle-manifest.ts';
import { packAgentAsText, readAgentPackage } from './agent-package.ts';
import type { BackendContext } from './backend-context.ts';
import { takeOrdersBack } from './bundle-carry.ts';
import { drawKitKey, type Kit, recordKit } from './bundle-kit.ts';
import { addConsoles, assertConsole, refuse } from './carried-consoles.ts';
import { type MadeOrder, makeOrders } from './carried-orders.ts';
import { listChosenHosts } from './find-host.ts';
import { signingKey } from './signing-key.ts';
import { publicKeyLine, signSsh } from './ssh-signature.ts';
import { type CarriedFile, writeCarriedFiles } from './stick-files.ts';
import { resolveTyped } from './workspace-paths.ts';

/**
 * The draft's rules for hosts with SSH, signed for each and made a version, in a folder with the Ansible collection that loads them. The folder is new, empty, or of a former export, whose key is kept. What became of them says a
 * receipt, or the host when it is read the next time. Orders that could not be written are taken back.
 * @throws NOT_FOUND · INPUT_INVALID for another's folder, no host, or one that no console would reach · GATE_CLOSED where policy tests are broken · PLAN_REFUSED where rules deny SSH from a console · FILE_NOT_WRITABLE · FILE_NOT_READABLE
 */
export async function exportAnsible(ctx: BackendContext, { hosts: choice, note, folder: typed, consoles }: AnsibleOrder): Promise<AnsibleExported> {
  const folder = resolveTyped(typed, ctx.workspace.path);
  const chosen = listChosenHosts(ctx, choice);
  if (chosen.length === 0) return refuse('hosts', 'no host with SSH is among these; the export is for hosts that a playbook reaches');
  const [former, agent] = await Promise.all([findFormerKit(ctx, folder), readAgentPackage(ctx.agentDir)]);
  const key = signingKey(ctx);
  const agentText = await packAgentAsText(agent, signSsh(key, 'firebreak-agent', agent.manifest));
  const kit = former ?? drawKitKey(ctx);
  // Written first, so that a folder that cannot be written costs no version.
  await writeCarriedFiles(folder, [...kit.files, { path: `${COLLECTION}/roles/host/files/agent.tar.gz.b64`, text: agentText, mode: 'file' }]);
  if (former === null) recordKit(ctx, kit);
  const records = addConsoles(ctx, chosen, consoles);
  const { version, orders } = makeOrders(ctx, records, { way: 'ansible', note, check: (record, bundle) => assertConsole(ctx, record, bundle) });
  const facts = { version, agentVersion: agent.version, signer: publicKeyLine(key), kit: kit.id };
  const files = [...printCollection(facts, toRules(ctx, orders)), { path: 'inventory.yml', text: printInventory(records, listHosts(ctx.workspace.read)) }].map((file): CarriedFile => ({ ...file, mode: 'file' }));
  await writeCarriedFiles(folder, files).catch((error: unknown) => {
    takeOrdersBack(ctx, new Map(orders.map(({ order }) => [order.host, order.push])), 'the folder could not be written; these orders are not in it');
    throw error;
  });
  return { version, folder, kit: kit.id, hosts: orders.map(({ order }) => order) };
}

function toRules(ctx: BackendContext, orders: readonly MadeOrder[]) {
  const machines = new Map(listMachineIds(ctx.workspace.read).map((said) => [said.host, said]));
  return orders.map(({ record, order, version, by, rules, observe }) => ({
    order: { name: record.name, host: record.id, push: order.push, by, bundle: order.bundle, seq: order.seq, mode: order.mode, version, machine: describeMachine(machines.get(record.id)) },
    rules,
    observe,
  }));
}

/** Null where the host has not said what it is: a new one, or one without a machine id, which its name alone would not tell from others. */
const describeMachine = (said: { machineId: string; hostname: string } | undefined): string | null => (said === undefined || said.machineId === '' ? null : machineOf(said));

/** The key of a former export into this folder; null for a new or empty one. @throws INPUT_INVALID for any other */
async function findFormerKit(ctx: BackendContext, folder: string): Promise<Kit | null> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException): string[] => (error.code === 'ENOENT' ? [] : refuse('folder', `${folder} cannot be read (${error.message})`)));
  if (names.length === 0) return null;
  const text = await readFile(join(folder, 'kit', 'kit'), 'latin1').catch(() => '');
  const id = KitId.safeParse(/^id=(.*)$/m.exec(text)?.[1]);
  const known = id.success ? findKit(ctx.workspace.read, id.data) : undefined;
  if (!id.success || known === undefined || !names.includes('ansible_collections')) return refuse('folder', `${folder} is neither empty nor an export for Ansible of this workspace; give another`);
  return { id: id.data, line: known.publicKey, files: [] };
}

