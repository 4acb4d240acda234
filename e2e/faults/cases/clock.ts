import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FaultCase } from '../fault-case.ts';
import { applyRules, type FaultWorld, readStatus } from '../fault-world.ts';
import { assertInvariants } from '../invariants.ts';
import { overSsh } from '../over-ssh.ts';

/**
 * All hosts of the lab have the machine's clock, and the kernel has no namespace for the wall clock (only for the monotonic ones). So the agent's own
 * processes get a false wall clock from libfaketime: those over SSH by their environment, the rollback by systemd's. PID 1 keeps the true
 * one; what it counts for us (OnActive) is monotonic anyway.
 */
const LIBRARY_PATH = '/usr/local/lib/libfaketime.so.1';
const WINDOW_SECONDS = 5;
let library: Buffer | undefined;

/** Debian's libfaketime, unpacked and not installed. Throws where it cannot be downloaded. */
function getLibrary(): Buffer {
  if (library) return library;
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-faketime-'));
  try {
    execFileSync('apt-get', ['-q', 'download', 'libfaketime'], { cwd: folder, stdio: 'pipe' });
    const [debName = ''] = readdirSync(folder);
    execFileSync('dpkg-deb', ['-x', debName, 'tree'], { cwd: folder });
    const found = readdirSync(join(folder, 'tree'), { recursive: true, encoding: 'utf8' }).find((path) => path.endsWith('/libfaketime.so.1')) ?? '';
    library = readFileSync(join(folder, 'tree', found));
    return library;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function bringLibrary(world: FaultWorld, jump: string): Promise<void> {
  const { code, stderr, stdout } = await world.host.exec(
    ['sh', '-c', `cat >${LIBRARY_PATH} && LD_PRELOAD=${LIBRARY_PATH} FAKETIME=${jump} date +%s && date +%s`],
    { stdin: getLibrary() },
  );
  const [fake = 0, real = 0] = stdout.trim().split('\n').map(Number);
  if (code !== 0 || Math.abs(fake - real) < 80_000) throw new Error(`libfaketime does not work here: ${stdout}${stderr}`);
}

const agentAt = (world: FaultWorld, jump: string, words: string) =>
  overSsh(world.host, `env LD_PRELOAD=${LIBRARY_PATH} FAKETIME=${jump} /usr/local/sbin/firebreak-agent ${words}`);

const confirmsAfterJump = (jump: string): FaultCase => ({
  name: `the clock jumps ${jump} in the window: it can still be confirmed`,
  run: async (world) => {
    await bringLibrary(world, jump);
    const id = await applyRules(world, 'fresh', 60);
    const told = await agentAt(world, jump, 'status');
    const secondsLeft = Number(/"secondsLeft":(\d+)/.exec(told.stdout)?.[1]);
    if (!(secondsLeft > 30 && secondsLeft <= 60)) throw new Error(`status tells ${secondsLeft} s left of 60: ${told.stdout}`);
    const answer = await agentAt(world, jump, `confirm ${id}`);
    if (answer.code !== 0) throw new Error(`confirm ended with ${answer.code}: ${answer.stdout}`);
    await assertInvariants(world, { running: ['fresh'] });
  },
});

const goesBackAfterJump = (jump: string): FaultCase => ({
  name: `the clock jumps ${jump} in the window: it still goes back in time`,
  ...(jump === '+1d' ? { quick: true as const } : {}),
  run: async (world) => {
    await bringLibrary(world, jump);
    const sinceMs = performance.now();
    const id = await applyRules(world, 'fresh', WINDOW_SECONDS);
    await world.host.run(`systemctl set-environment LD_PRELOAD=${LIBRARY_PATH} FAKETIME=${jump}`);
    await assertInvariants(world, { running: ['old'], sinceMs, windowSeconds: WINDOW_SECONDS });
    const { last, clock } = await readStatus(world.host);
    if (last?.id !== id || last.event !== 'rolled-back-timeout') throw new Error(`the last event is ${JSON.stringify(last)}`);
    if (Math.abs(last.at - clock) < 80_000) throw new Error('the rollback ran with the true clock: the case proves nothing');
  },
});

export const clockCases: readonly FaultCase[] = ['+1d', '-1d', '+3650d'].flatMap((jump) => [confirmsAfterJump(jump), goesBackAfterJump(jump)]);
