import { gzipSync } from 'node:zlib';
import type { AutomationFile } from '../../shared/automation/ansible-collection.ts';
import { type HostSeed, printCloudInit } from '../../shared/automation/cloud-init.ts';
import { printImage } from '../../shared/automation/image-files.ts';
import { printTerraformUserData } from '../../shared/automation/terraform-user-data.ts';
import type { ImagesMade, ImagesOrder } from '../../shared/contract/automation.ts';
import type { HostRecord } from '../db/host-store.ts';
import { packAgentAsText, readAgentPackage } from './agent-package.ts';
import type { BackendContext } from './backend-context.ts';
import { takeOrdersBack } from './bundle-carry.ts';
import { addConsoles, assertConsole, refuse } from './carried-consoles.ts';
import { type MadeOrder, makeOrders } from './carried-orders.ts';
import { listChosenHosts } from './find-host.ts';
import { listHostAddresses } from './host-addresses.ts';
import { signingKey } from './signing-key.ts';
import { publicKeyLine, signSsh } from './ssh-signature.ts';
import { writeCarriedFiles } from './stick-files.ts';
import { resolveTyped } from './workspace-paths.ts';

const packed = (text: string): string => gzipSync(text, { level: 9 }).toString('base64');

/**
 * What puts the agent into images, or a host's rules into its first boot. Hosts are those of the inventory, so that id, zone, rules and address are decided here and nothing that two machines could share is in an image.
 * @throws NOT_FOUND · INPUT_INVALID for hosts that the target is not for, without an address, or that no console would reach · GATE_CLOSED where policy tests are broken · PLAN_REFUSED where rules deny SSH from a console · FILE_NOT_WRITABLE · FILE_NOT_READABLE
 */
export async function makeImages(ctx: BackendContext, order: ImagesOrder): Promise<ImagesMade> {
  const folder = resolveTyped(order.folder, ctx.workspace.path);
  const agent = await readAgentPackage(ctx.agentDir);
  const agentText = await packAgentAsText(agent, signSsh(signingKey(ctx), 'firebreak-agent', agent.manifest));
  if (order.target === 'ansible' || order.target === 'dockerfile') {
    if (order.hosts !== null) return refuse('hosts', `${order.target} is for an image, of which any number of machines are made; a host is named to its own machine: --for cloud-init or terraform`);
    return { folder, version: null, hosts: [], files: await write(folder, printImage(order.target, agentText)) };
  }
  if (order.hosts === null) return refuse('hosts', `name the hosts that are to be made; one that is new first: firebreak host add NAME --address ADDRESS --label …`);
  await writeCarriedFiles(folder, []);
  const chosen = listChosenHosts(ctx, order.hosts);
  if (chosen.length === 0) return refuse('hosts', 'no host with SSH is among these');
  for (const host of chosen) assertAddress(host);
  const records = addConsoles(ctx, chosen, order.consoles);
  const { version, orders } = makeOrders(ctx, records, { way: 'image', note: order.note, check: (record, bundle) => assertConsole(ctx, record, bundle) });
  const files = printHosts(order.target, orders.map((made) => toSeed(ctx, made, order.isAgentInImage ? null : agentText)));
  try {
    return { folder, version, hosts: orders.map((made) => made.order), files: await write(folder, files) };
  } catch (error) {
    takeOrdersBack(ctx, new Map(orders.map((made) => [made.order.host, made.order.push])), 'the folder could not be written; these orders are not in it');
    throw error;
  }
}

/** It is told from its copies by it, and the rules of others know it by it. */
function assertAddress(host: HostRecord): void {
  if (listHostAddresses(host).length === 0) refuse('hosts', `no address of ${host.name} is known, by which its machine is told from others: firebreak host add ${host.name} --address NAME --ip ADDRESS`);
}

function toSeed(ctx: BackendContext, { record, order, by, rules, observe }: MadeOrder, agentText: string | null): HostSeed {
  const { push, bundle } = order;
  return { order: { push, host: record.id, name: record.name, by, bundle, signer: publicKeyLine(signingKey(ctx)), addresses: listHostAddresses(record) }, rules, observe, agentText };
}

function printHosts(target: 'cloud-init' | 'terraform', seeds: readonly HostSeed[]): AutomationFile[] {
  const texts = seeds.map((seed) => [seed.order.name, printCloudInit(seed, packed)] as const);
  if (target === 'terraform') return [{ path: 'firebreak.tf.json', text: printTerraformUserData(new Map(texts)) }];
  return texts.map(([name, text]) => ({ path: `${name}.cloud-init.yaml`, text }));
}

async function write(folder: string, files: readonly AutomationFile[]): Promise<ImagesMade['files']> {
  await writeCarriedFiles(folder, files.map((file) => ({ ...file, mode: 'file' })));
  return files.map(({ path, text }) => ({ path, bytes: Buffer.byteLength(text) }));
}
