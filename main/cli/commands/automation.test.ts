import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addTestHost, makeBackend, type TestBackend } from '../../services/testing/test-backend.ts';
import { createNewId } from '../../services/new-id.ts';
import { runFirebreak } from '../testing/run-firebreak.ts';

let at: TestBackend;
let out: string;
const firebreak = (...argv: string[]) => runFirebreak(at, argv);
beforeEach(async () => {
  at = makeBackend(undefined, createNewId());
  out = join(dirname(at.path), 'made');
  await addTestHost(at.client, 1, 'web-1', 'app=shop');
});
afterEach(() => at.close());

test('bundle ansible: what was signed, how to run it, and how its receipts come back', async () => {
  const made = await firebreak('bundle', 'ansible', 'app=shop', '--out', out);
  expect([made.code, made.err]).toEqual([0, '']);
  expect(made.out).toMatch(/^Version 1 for 1 host in .*\. There: ansible-playbook firebreak\.policy\.push\n[\s\S]*web-1 +p_\w{12} [\s\S]*firebreak bundle receipt .*\/receipts \(signed with k_[0-9a-f]{12}\)\.$/);
  expect(JSON.parse((await firebreak('--json', 'bundle', 'ansible', '--all', '--out', out)).out)).toMatchObject({ version: 1, hosts: [{ host: 'web-1' }] });
  expect(await firebreak('bundle', 'ansible', '--out', out)).toMatchObject({ code: 2, err: expect.stringContaining('give host names') });
  expect(await firebreak('bundle', 'ansible', 'app=none', '--out', out)).toMatchObject({ code: 2, err: expect.stringContaining('no host with SSH') });
});

test('agent image: sizes, and where user data is too large what to do; an image by itself is no host', async () => {
  const whole = await firebreak('agent', 'image', 'web-1', '--for', 'cloud-init', '--out', out);
  expect([whole.code, whole.out]).toEqual([0, expect.stringMatching(/^Wrote web-1\.cloud-init\.yaml \(\d+ KB\) to [\s\S]*EC2: 16 KB[\s\S]*firebreak host trust HOST/)]);
  expect((await firebreak('agent', 'image', 'web-1', '--for', 'cloud-init', '--agent-in-image', '--out', out)).out).not.toContain('EC2');
  expect(await firebreak('agent', 'image', '--for', 'dockerfile', '--out', join(out, 'docker'))).toMatchObject({ code: 0, out: expect.stringContaining('are no hosts until they are told which') });
  expect(readdirSync(join(out, 'docker'))).toContain('Dockerfile.firebreak');
  expect(await firebreak('agent', 'image', '--for', 'terraform', '--out', out)).toMatchObject({ code: 2, err: expect.stringContaining('name the hosts') });
  expect(await firebreak('agent', 'image', '--for', 'vagrant', '--out', out)).toMatchObject({ code: 2 });
});
