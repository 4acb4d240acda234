import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Lab, startLab } from '../lab/lab.ts';
import { draftZone, enrol, makeWorkspace, openConsole, ourRules, push } from './lab-console.ts';

const ENTRY = new URL('../../main/cli/main.ts', import.meta.url).pathname;
let lab: Lab;
let workspace: ReturnType<typeof makeWorkspace>;
beforeAll(async () => {
  lab = await startLab({ hosts: [{ name: 'one', role: 'plain' }, { name: 'two', role: 'plain' }] });
  workspace = makeWorkspace();
  const { client, backend } = openConsole(workspace.workspacePath);
  await enrol(client, lab.hosts, lab.sshKeyPath);
  await draftZone(client, 'base', 'app=base', 'enforce');
  await backend.close();
});
afterAll(async () => {
  await lab?.stop();
  workspace?.remove();
});

/** The command line in a process of its own, sent Ctrl-C as soon as it says `words`. */
async function interruptAt(words: string, ...argv: string[]): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [ENTRY, '--workspace', workspace.workspacePath, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const listen = (chunk: Buffer) => {
    const before = said;
    said += chunk.toString('utf8');
    if (!before.includes(words) && said.includes(words)) child.kill('SIGINT');
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  const [code] = await once(child, 'close');
  return { code: typeof code === 'number' ? code : null, said };
}

test.each(['one: checking', 'one: applying', 'one: proving'])('Ctrl-C while the push says “%s” tells what becomes of the hosts, and both end with their former rules', async (words) => {
  const before = await Promise.all(lab.hosts.map(ourRules));
  const { code, said } = await interruptAt(words, 'push', '--yes', '--confirm-within', '8');
  expect(code).toBe(130);
  expect(said).toMatch(/goes back by itself within 8 s[\s\S]*firebreak reconcile/);
  const { client, backend } = openConsole(workspace.workspacePath);
  const [told] = await client.pushes.reconcile({});
  expect(told?.outcome).toBe('interrupted');
  for (const host of told?.hosts ?? []) expect(['rolled-back', 'skipped']).toContain(host.step);
  expect(await Promise.all(lab.hosts.map(ourRules))).toEqual(before);
  await backend.close();
});

test('after all this the next push goes through', async () => {
  const { client, backend } = openConsole(workspace.workspacePath);
  expect((await push(client, 20)).outcome).toBe('confirmed');
  await backend.close();
});
