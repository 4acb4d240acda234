import { installMissingPrograms } from '../../build/debian/install-packages.ts';
import { makeWorkspace, openConsole } from '../main-job/lab-console.ts';
import { createPatientPool } from './patient-pool.ts';
import { ensureGuest } from './build-guest.ts';
import { Guest } from './guest.ts';
import { runMainJob } from './main-job.ts';
import { setUpSite } from './console-site.ts';
import { join } from 'node:path';
import { tmpdir } from 'node:os';

/** `npm run test:kernel`: the main job on Debian 12's own kernel in QEMU. Exit 1 when a step fails; the guest's console stays in the file that is named. */
const log = (line: string) => console.log(line);
installMissingPrograms(['qemu-system-x86_64', 'busybox', 'ssh-keygen'], log);
const files = await ensureGuest(log);
const consolePath = join(tmpdir(), `firebreak-qemu-${process.pid}.log`);
log(`kernel ${files.kernelVersion}; the guest's console is in ${consolePath}; booting in software takes minutes`);
const guest = await Guest.boot(files, consolePath);
const { workspacePath, remove } = makeWorkspace();
const { client, backend } = openConsole(workspacePath, { sshPool: createPatientPool() });
try {
  await setUpSite(guest);
  await runMainJob(guest, client);
  log('all of it holds');
} finally {
  await backend.close();
  remove();
  await guest.stop();
}
