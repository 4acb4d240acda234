import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installMissingPrograms } from '../../build/debian/install-packages.ts';
import { ensureGuest } from './build-guest.ts';
import { Guest } from './guest.ts';
import { type ClockCount, compareByClock, setUpClockSite } from './moved-clock.ts';

/**
 * `npm run test:clock`: schedules and ends of rules, simulator against the kernel of a guest whose clock is moved. FIREBREAK_CLOCK_POLICIES and
 * FIREBREAK_CLOCK_INSTANTS for other sizes, FIREBREAK_ORACLE_SEED to repeat a run. Exit 1 when the two disagree.
 */
const policies = Number(process.env['FIREBREAK_CLOCK_POLICIES'] ?? 12);
const instants = Number(process.env['FIREBREAK_CLOCK_INSTANTS'] ?? 60);
const seed = Number(process.env['FIREBREAK_ORACLE_SEED'] ?? Date.now() % 1_000_000_000);
const log = (line: string) => console.log(line);
installMissingPrograms(['qemu-system-x86_64', 'busybox', 'ssh-keygen'], log);
const files = await ensureGuest(log);
const consolePath = join(tmpdir(), `firebreak-clock-${process.pid}.log`);
log(`kernel ${files.kernelVersion}; the guest's console is in ${consolePath}; booting in software takes minutes`);
const guest = await Guest.boot(files, consolePath);
const count: ClockCount = { connections: 0, allowed: 0, refused: 0, turned: 0, instants: 0, disagreements: [] };
try {
  await setUpClockSite(guest);
  for (let i = 0; i < policies && count.disagreements.length < 20; i += 1) {
    await compareByClock(guest, seed + i, instants, count);
    log(`policy ${i + 1} of ${policies}: ${count.connections} connections at ${count.instants} times so far`);
  }
} finally {
  await guest.stop();
}
log(`seed ${seed}: ${count.connections} real connections at ${count.instants} times under ${policies} policies, ${count.allowed} let through, ${count.refused} refused, ${count.turned} set aside because a window turned, ${count.disagreements.length} disagreements`);
for (const one of count.disagreements.slice(0, 5)) log(JSON.stringify(one));
process.exitCode = count.disagreements.length === 0 && count.allowed > count.connections / 20 && count.refused > count.connections / 20 ? 0 : 1;
