import { readFileSync } from 'node:fs';
import type { FaultCase } from '../fault-case.ts';
import { readStatus } from '../fault-world.ts';
import { assertInvariants } from '../invariants.ts';

const SCRIPT = readFileSync(new URL('../on-host/timer-accuracy.py', import.meta.url), 'utf8');
/** /proc tells starts of processes in hundredths of a second, rounded down. */
const TICK_SECONDS = 0.02;

const fires = (kind: 'systemd' | 'fallback', windowSeconds: number): FaultCase => ({
  name: `the rollback starts within a second after a window of ${windowSeconds} s (${kind === 'systemd' ? 'systemd' : 'without systemd'})`,
  ...(windowSeconds === 10 ? { quick: true as const } : {}),
  run: async (world) => {
    const sinceMs = performance.now();
    const id = world.nextPushId();
    const said = await world.host.run(['python3', '-c', SCRIPT, id, String(windowSeconds), kind], { stdin: world.rules.fresh.text, timeoutMs: 120_000 });
    const firedSeconds = Number(said.trim());
    if (!(firedSeconds >= windowSeconds - TICK_SECONDS && firedSeconds <= windowSeconds + 1)) throw new Error(`it started after ${said.trim()} s`);
    await assertInvariants(world, { running: ['old'], sinceMs, windowSeconds });
    const { last } = await readStatus(world.host);
    if (last?.id !== id || last.event !== 'rolled-back-timeout') throw new Error(`the last event is ${JSON.stringify(last)}`);
  },
});

export const timerCases: readonly FaultCase[] = [fires('systemd', 10), fires('fallback', 10), fires('systemd', 20), fires('fallback', 20), fires('systemd', 60), fires('fallback', 60)];
