/** Lines of `drain` as an agent prints them; set elements in the exact form of `nft -j` 1.0.6 (measured). */
export type TestElement = { key: (string | number)[]; packets: number; secondsAgo?: number };
export type TestSnapshot = {
  seq: number;
  atMs: number;
  epoch?: string;
  mode?: string;
  bundle?: string | null;
  counters?: Record<string, number>;
  sets?: Record<string, TestElement[]>;
  processes?: unknown;
};

const TIMEOUT_SECONDS = 86_400;

export const CGROUPS = { '1234': '/system.slice/nginx.service', '77': '/system.slice/postgresql@15-main.service' };

export function snapshotLine(s: TestSnapshot): string {
  const sets = Object.fromEntries(
    Object.entries(s.sets ?? {}).map(([name, elements]) => [
      name,
      elements.map(({ key, packets, secondsAgo = 0 }) => ({
        elem: { val: { concat: key }, expires: TIMEOUT_SECONDS - secondsAgo, counter: { packets, bytes: packets * 60 } },
      })),
    ]),
  );
  const head = {
    v: 1,
    seq: s.seq,
    at: s.atMs / 1000,
    bootId: 'boot',
    epoch: s.epoch ?? 'e1',
    bundle: s.bundle ?? null,
    mode: s.mode ?? 'observe',
    cgroups: CGROUPS,
    users: { '33': 'www-data' },
  };
  return JSON.stringify({ ...head, counters: { lost_in: 0, lost_out: 0, lost_fwd: 0, invalid_in: 0, midstream: 0, ...s.counters }, sets, ...(s.processes === undefined ? {} : { processes: s.processes }) });
}
