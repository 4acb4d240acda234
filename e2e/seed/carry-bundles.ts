import { createHash, createPrivateKey } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BundleOutcome } from '../../shared/contract/bundles.ts';
import type { BackendClient } from '../../main/rpc/client.ts';
import { aBundle, bundleEntries, type BundleOrder, packEntries, type TestStick } from '../../main/services/testing/a-bundle.ts';
import { aStatus } from '../../main/services/testing/a-status.ts';
import { someFacts } from '../../main/services/testing/some-facts.ts';

/** The key of a stick that was made in `folder`: what its collector signs with. */
export const readStick = (folder: string, kit: string): TestStick => ({ kit, key: createPrivateKey(readFileSync(join(folder, 'kit/site-key.pem'))) });

const RULES = `table inet filter {
	chain input {
		type filter hook input priority filter; policy drop;
		ct state established,related accept
		iif "lo" accept
		tcp dport { 22, 502, 8080 } accept
		ip saddr 10.9.0.9 tcp dport 1883 accept
		meta mark 0x7 accept
	}
}
`;
const machine = (n: number): string => String(n).repeat(32);

type Machine = { readonly name: string; readonly n: number; readonly address: string; readonly ports: readonly number[]; readonly order?: BundleOrder };

/** A bundle of one machine, as its collector would write it. */
export function machineBundle({ name, n, address, ports, order = {} }: Machine, stick: TestStick | null): BundleOrder {
  const machineId = order.machineId ?? machine(n);
  return { stick, hostname: name, machineId, facts: { ...someFacts({ ports, addresses: [address] }), hostname: name, machineId }, ...order };
}

const seen = (port: number, peer: string, local: string) => ({ direction: 'in' as const, local, localPort: port, peer, peerPort: 40_000 + port });
export const PLC: Machine = { name: 'plc-1', n: 1, address: '10.9.0.5', ports: [22, 502, 1883, 8080], order: { sessions: [seen(502, '10.9.0.9', '10.9.0.5'), seen(3306, '10.9.0.9', '10.9.0.5')], files: { 'ruleset.nft': RULES } } };
export const HMI: Machine = { name: 'hmi-1', n: 2, address: '10.9.0.9', ports: [5900] };
export const HISTORIAN: Machine = { name: 'historian', n: 3, address: '10.9.0.7', ports: [1433], order: { files: { 'ruleset.nft': 'table ip filter {\n\tchain input {\n\t\ttype filter hook input priority filter; policy accept;\n\t}\n}\n' }, sessions: [seen(1433, '10.9.0.5', '10.9.0.7')] } };

/** The same minutes before the test's now for each, so that a stage with an earlier clock takes them too. */
export async function writeBundles(folder: string, orders: readonly BundleOrder[], minutesAgo = 60): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const [n, order] of orders.entries()) writeFileSync(join(folder, `${n}-${order.hostname ?? 'host'}.tar.gz`), await aBundle({ minutesAgo, ...order }));
}

/** What a host would write after its order on the stick was applied and confirmed. */
export async function writeReceipt(stickFolder: string, host: string, stick: TestStick, minutesAgo = 10): Promise<string> {
  const order = readFileSync(join(stickFolder, 'policy', host, 'order'), 'utf8');
  const said = (key: string): string => new RegExp(`^${key}=(.*)$`, 'm').exec(order)?.[1] ?? '';
  const [push, id, bundle] = [said('push'), said('host'), said('bundle')];
  const status = { ...aStatus(id as Parameters<typeof aStatus>[0]), hostId: id, runningBundle: bundle, confirmedBundle: bundle, last: { id: push, event: 'confirmed', at: 1_795_000_000 }, pinned: true };
  const files = { 'status.json': JSON.stringify(status), 'order.json': JSON.stringify({ push, host: id }) };
  const hashes = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, createHash('sha256').update(text).digest('hex')]));
  const entries = bundleEntries({ stick, hostname: host, minutesAgo, files, manifest: { kind: 'receipt', files: hashes } }).filter(({ name }) => !['facts.json', 'sessions.json'].includes(name));
  mkdirSync(join(stickFolder, 'receipts'), { recursive: true });
  const path = join(stickFolder, 'receipts', `${host}.tar.gz`);
  writeFileSync(path, await packEntries(entries));
  return path;
}

export async function importBundles(client: BackendClient, path: string): Promise<BundleOutcome[]> {
  for await (const event of await client.bundles.import({ paths: [path] })) if (event.type === 'done') return event.result.bundles;
  throw new Error('the import ended without a result');
}

/** A workspace's air-gapped site in every state of the round trip: confirmed, exported, unsigned, and without a machine id. */
export async function carrySite(client: BackendClient, folder: string, minutesAgo: number): Promise<void> {
  const stickFolder = join(folder, 'stick');
  const { id } = await client.bundles.makeKit({ folder: stickFolder });
  const stick = readStick(stickFolder, id);
  const nameless: Machine = { name: 'localhost', n: 4, address: '10.9.0.20', ports: [80], order: { machineId: '' } };
  await writeBundles(join(stickFolder, 'collected'), [machineBundle(PLC, stick), machineBundle(HMI, null), machineBundle(HISTORIAN, stick), machineBundle(nameless, stick)], minutesAgo);
  await importBundles(client, join(stickFolder, 'collected'));
  const hosts = (await client.bundles.sites({})).flatMap(({ host }) => (host === 'plc-1' || host === 'historian' ? [host] : []));
  await client.bundles.exportPolicy({ hosts, note: 'first rules of the plant', folder: stickFolder });
  await client.bundles.receipts({ paths: [await writeReceipt(stickFolder, 'plc-1', stick, minutesAgo)] });
}
