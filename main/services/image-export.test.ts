import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { aRule, draftZone } from '../../e2e/main-job/lab-console.ts';
import type { ImagesMade, ImagesOrder } from '../../shared/contract/automation.ts';
import { makeFolder } from '../db/testing/temporary-workspace.ts';
import { createNewId } from './new-id.ts';
import { addTestHost, makeBackend, type TestBackend } from './testing/test-backend.ts';

let at: TestBackend;
let folder: ReturnType<typeof makeFolder>;
let out: string;
beforeEach(async () => {
  at = makeBackend(undefined, createNewId());
  folder = makeFolder();
  out = join(folder.folder, 'image');
  await addTestHost(at.client, 1, 'web-1', 'app=shop');
  await draftZone(at.client, 'shop', 'app=shop', 'enforce', 'restricted');
});
afterEach(async () => {
  await at.close();
  folder.remove();
});

const make = (change: Partial<ImagesOrder> = {}): Promise<ImagesMade> =>
  at.client.exports.images({ target: 'cloud-init', hosts: { kind: 'names', names: ['web-1'] }, note: '', folder: out, consoles: ['10.0.0.7'], isAgentInImage: false, ...change });
const read = (path: string): string => readFileSync(join(out, path), 'utf8');
type UserData = { write_files: { path: string; content: string }[] };
const unpack = (text: string): Map<string, string> => {
  const data: UserData = parse(text);
  return new Map(data.write_files.map(({ path, content }) => [path.slice('/var/lib/firebreak-seed/'.length), gunzipSync(Buffer.from(content, 'base64')).toString()]));
};

test('user data of a host that nobody has read yet: its zone’s signed rules, its address, and what is not known of it', async () => {
  const made = await make();
  const files = unpack(read('web-1.cloud-init.yaml'));
  expect([made.version, made.hosts.map(({ host, zone, mode }) => [host, zone, mode])]).toEqual([1, [['web-1', 'shop', 'enforce']]]);
  expect(made.hosts[0]?.warnings).toEqual([expect.stringContaining('was never read: which resolvers')]);
  expect(files.get('order')).toMatch(new RegExp(`host=${at.hostId('web-1')}\\nname=web-1\\n[\\s\\S]*\\naddresses=(10\\.0\\.0\\.1 fd00::1|fd00::1 10\\.0\\.0\\.1)\\n$`));
  expect(files.get('bundle.nft')).toMatch(/^# mode enforce$[\s\S]*^# console 10\.0\.0\.7$[\s\S]*BEGIN SSH SIGNATURE/m);
  expect(read('web-1.cloud-init.yaml')).not.toContain('PRIVATE KEY');
});

test('the agent in it is the signed one, unpacked as the first boot unpacks it', async () => {
  await make();
  writeFileSync(join(folder.folder, 'agent'), unpack(read('web-1.cloud-init.yaml')).get('agent.tar.gz.b64') ?? '');
  const { status, stdout } = spawnSync('sh', ['-c', 'base64 -d agent | tar -xzf - && sha256sum --quiet -c MANIFEST && ls'], { cwd: folder.folder, encoding: 'utf8' });
  expect([status, stdout.split('\n')]).toEqual([0, expect.arrayContaining(['MANIFEST', 'MANIFEST.sig', 'install.sh', 'lib', 'units'])]);
  expect(stdout).not.toContain('observe.nft');
});

test('for an image with the agent it fits where user data is smallest; Terraform has the same text', async () => {
  const [small] = (await make({ isAgentInImage: true })).files;
  expect(small?.bytes).toBeLessThan(16_384);
  await make({ target: 'terraform', isAgentInImage: true });
  const { locals } = JSON.parse(read('firebreak.tf.json'));
  expect([...unpack(locals.firebreak_user_data['web-1']).keys()]).toEqual(['observe.nft', 'bundle.nft', 'order']);
});

test('an image is made without hosts, hosts only for their own machines; neither the other way round, and nothing is written then', async () => {
  await expect(make({ target: 'dockerfile' })).rejects.toMatchObject({ data: { issues: [{ path: 'hosts' }] } });
  await expect(make({ hosts: null })).rejects.toMatchObject({ data: { issues: [{ path: 'hosts' }] } });
  expect(() => readdirSync(out)).toThrow('ENOENT');
  expect(await make({ target: 'dockerfile', hosts: null, consoles: [] })).toMatchObject({ version: null, hosts: [] });
  expect(readdirSync(out).toSorted()).toEqual(['Dockerfile.firebreak', 'firebreak-first-boot.service', 'firebreak-seed']);
  expect(await at.client.versions.list({})).toEqual([]);
});

test('rules that deny the console’s SSH are refused, because a first boot confirms by itself; so are a host without a console and one without an address', async () => {
  const ssh = { address: 'new.example', port: 22, user: 'root', identity: { kind: 'agent' as const }, sudo: 'none' as const, jump: null };
  await at.client.hosts.add({ name: 'new', ssh, addresses: [], labels: { app: 'shop' }, note: '' });
  await expect(make({ hosts: { kind: 'names', names: ['new'] } })).rejects.toMatchObject({ data: { issues: [{ message: expect.stringContaining('no address of new is known') }] } });
  await expect(make({ consoles: [] })).rejects.toMatchObject({ data: { issues: [{ path: 'consoles' }] } });
  await at.client.policy.addRules({ rules: [aRule('deny', 'any', 'app=shop', 'tcp/22')] });
  await expect(make()).rejects.toMatchObject({ code: 'PLAN_REFUSED' });
  expect(await at.client.versions.list({})).toEqual([]);
});

test.skipIf(spawnSync('ansible-playbook', ['--version']).error !== undefined)('the image’s playbook is read by Ansible itself', async () => {
  await make({ target: 'ansible', hosts: null, consoles: [] });
  expect(spawnSync('ansible-playbook', ['-i', 'localhost,', 'image.yml', '--syntax-check'], { cwd: out, encoding: 'utf8' })).toMatchObject({ status: 0 });
  rmSync(out, { recursive: true });
}, 60_000);
