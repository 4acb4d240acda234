import { afterEach, expect, test } from 'vitest';
import { type Fault, type PushKit, startPushKit } from '../../e2e/fakehost/push-kit.ts';
import { aShop } from '../../e2e/fakehost/push-policies.ts';
import { getHost } from './find-host.ts';

let kit: PushKit;
afterEach(() => kit.close());

const says = (stdout: string, exitCode = 0): Fault => ({ command: 'printf', kind: 'lie', reply: () => ({ exitCode, stdout }) });
const endOf = async () => (await kit.push()).at(-1)?.hosts[0];
const recorded = () => getHost(kit.backend, 'host-1').consoleAddresses;

test('a host that sees this console at an address which the rules do not let in is not loaded, and the address is recorded', async () => {
  kit = await startPushKit(1);
  kit.setPolicy(aShop('enforce'));
  kit.host(0).faults.push(says('192.0.2.99 40022 10.77.0.11 22\n'));
  expect(await endOf()).toMatchObject({ step: 'failed', detail: expect.stringContaining('this console comes from 192.0.2.99, which the planned rules do not let in') });
  expect(kit.host(0).commands).not.toContain('apply');
  expect(recorded()).toContain('192.0.2.99');
  // Recorded, so that planning again lets it in.
  expect(await endOf()).toMatchObject({ step: 'confirmed' });
});

test.each([
  ['a login shell that says something else', says('\n')],
  ['one that does not have the program', says('', 127)],
])('%s is asked through the agent', async (_, fault) => {
  kit = await startPushKit(1);
  kit.setPolicy(aShop('enforce'));
  kit.host(0).faults.push(fault);
  kit.host(0).commands.length = 0;
  expect(await endOf()).toMatchObject({ step: 'confirmed' });
  expect(kit.host(0).commands).toEqual(['status', 'facts', 'check', 'apply', 'confirm', 'drain']);
});
