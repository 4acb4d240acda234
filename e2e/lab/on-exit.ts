import type { LabNames } from './plan.ts';
import { tearDown } from './tear-down.ts';

const running = new Set<LabNames>();
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
let listening = false;

/** From now on the lab is torn down however this process ends, short of SIGKILL; that one the next start cleans up after. */
export function rememberLab(names: LabNames): void {
  running.add(names);
  if (listening) return;
  listening = true;
  process.on('exit', tearDownAll);
  for (const signal of SIGNALS) {
    process.once(signal, () => {
      tearDownAll();
      // Others may have their own plans for the signal (a test runner its report); alone, it keeps its usual meaning.
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
    });
  }
}

export function forgetLab(names: LabNames): void {
  running.delete(names);
}

function tearDownAll(): void {
  for (const names of running) {
    running.delete(names);
    tearDown(names);
  }
}
