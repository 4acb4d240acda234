import { afterEach, expect, test } from 'vitest';
import { type PushKit, startPushKit } from '../../../e2e/fakehost/push-kit.ts';
import { createClient } from '../../rpc/client.ts';
import { runFirebreak } from '../testing/run-firebreak.ts';

let kit: PushKit;
afterEach(() => kit.close());

const firebreak = (...argv: string[]) => runFirebreak({ path: kit.workspacePath, client: createClient(kit.backend) }, argv);

test('another machine behind the pinned key is named by each command, and is the host only after --replace', async () => {
  kit = await startPushKit(1);
  kit.host(0).machine.machineId = 'f'.repeat(32);
  const collected = await firebreak('collect', 'host-1');
  expect(`${collected.out}${collected.err}`).toContain('another machine answers there than before (machine id ffffffffffff, before');
  expect((await firebreak('host', 'list')).out).toMatch(/host-1 .*\(1 warning\)/);
  expect((await firebreak('host', 'show', 'host-1')).out).toMatch(/machine +id f{12}, seen .*, waits to be accepted\n/);
  const doctor = await firebreak('doctor', '--stored');
  expect([doctor.code, doctor.out]).toEqual([3, expect.stringContaining('Another machine answers there since')]);
  expect((await firebreak('host', 'trust', 'host-1')).out).toMatch(/is pinned already\.\nAnother machine answers there.*: firebreak host trust host-1 --replace/);
  expect((await firebreak('host', 'trust', 'host-1', '--replace')).code).not.toBe(0);
  expect((await firebreak('host', 'trust', 'host-1', '--replace', '--yes')).out).toContain('Machine id ffffffffffff is accepted as host-1. Next: firebreak agent install host-1');
  expect((await firebreak('collect', 'host-1')).code).toBe(0);
  expect((await firebreak('host', 'show', 'host-1')).out).toMatch(/machine +id \w{12}, seen .*, no more\n/);
});
