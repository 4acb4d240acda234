import { z } from 'zod';

/** `cpuMs` is processor time of the whole process, its collector's threads included, so that other load on the machine hardly counts. */
export const Timing = z.object({ cpuMs: z.number(), wallMs: z.number() });
export type Timing = z.infer<typeof Timing>;

/** What one run of a task measured: times by name, and numbers that belong to them. `peakMb` is the most memory that the process ever held. */
export const TaskResult = z.object({ times: z.record(z.string(), Timing), counts: z.record(z.string(), z.number()), peakMb: z.number() });
export type TaskResult = z.infer<typeof TaskResult>;

export type Size = { readonly hosts: number; readonly rules: number; readonly flows: number };

export function timed<T>(work: () => T): { value: T; timing: Timing } {
  const cpuBefore = process.cpuUsage();
  const startedMs = performance.now();
  const value = work();
  const wallMs = performance.now() - startedMs;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { value, timing: { cpuMs: (user + system) / 1000, wallMs } };
}

export const addTiming = (a: Timing, b: Timing): Timing => ({ cpuMs: a.cpuMs + b.cpuMs, wallMs: a.wallMs + b.wallMs });
export const NO_TIME: Timing = { cpuMs: 0, wallMs: 0 };

/** In MB of 2^20 bytes. */
export const peakMb = (): number => process.resourceUsage().maxRSS / 1024;
