import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { FirebreakError } from '../../shared/errors.ts';
import { dnsName } from '../../shared/policy/testing/a-ledger.ts';
import { lookUpOnHost } from './host-look-up.ts';
import { resolveTarget } from './ssh-targets.ts';
import { addTestHost, makeBackend } from './testing/test-backend.ts';

test('a host that cannot be reached is not asked for the rest of the names', async () => {
  let calls = 0;
  const at = makeBackend({
    run: async (target) => {
      calls += 1;
      await setImmediate();
      throw new FirebreakError('HOST_UNREACHABLE', { host: target.hostName, address: target.address, port: target.port, detail: 'refused' });
    },
    showKey: () => Promise.reject(new Error('no key is asked for')),
    close: () => Promise.resolve(),
  });
  await addTestHost(at.client, 1, 'web-1');
  const names = Array.from({ length: 50 }, (_, i) => dnsName(`n${i}.example.org`));
  await expect(lookUpOnHost(at.backend, resolveTarget(at.backend, 'web-1'), names)).rejects.toMatchObject({ code: 'HOST_UNREACHABLE' });
  for (let turn = 0; turn < 100; turn += 1) await setImmediate();
  expect(calls).toBeLessThan(10);
  await at.close();
});
