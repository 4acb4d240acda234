import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { ImportFormat } from '../../../shared/model/flow-source.ts';
import { LOG_FORMATS } from './log-formats.ts';
import { writeLog } from './write-log.ts';
import { writeZeekLog } from './write-zeek-log.ts';

/**
 * `npm run bench:import`: how fast logs become flows of a workspace, and in how much memory: a file is hashed, read, folded and stored, as `flows import` does. Zeek’s tabs with
 * `--rows N` (10,000,000, a file of 1.5 GB), then each other format with `--other-rows N` (1,000,000; 0: none); `--hosts N` (500). Exit 3 where an aim is missed.
 */
const AIM_ZEEK_ROWS_PER_SECOND = 200_000;
const AIM_PEAK_MB = 500;
const Measured = z.object({ read: z.number(), taken: z.number(), flows: z.number(), connections: z.number(), seconds: z.number(), cpuSeconds: z.number(), peakMb: z.number() });
type Measured = z.infer<typeof Measured>;

const { values } = parseArgs({ options: { rows: { type: 'string' }, 'other-rows': { type: 'string' }, hosts: { type: 'string' } } });
const [rows, otherRows, hosts] = [Number(values.rows ?? 10_000_000), Number(values['other-rows'] ?? 1_000_000), Number(values.hosts ?? 500)];
if (!Number.isInteger(rows) || rows < 1 || !Number.isInteger(otherRows) || otherRows < 0 || !Number.isInteger(hosts) || hosts < 1) {
  console.error('usage: bench-import.ts [--rows N] [--other-rows N] [--hosts N]');
  process.exit(2);
}

console.log(`${cpus().length} cores (${cpus()[0]?.model}), load ${loadavg()[0]?.toFixed(1)}; ${hosts} hosts`);
console.log(`${'format'.padEnd(10)} ${'rows'.padStart(10)} ${'MB'.padStart(6)} ${'flows'.padStart(8)} ${'rows/s'.padStart(9)} ${'by CPU'.padStart(9)} ${'peak MB'.padStart(8)}`);
const zeek = measure('zeek', 'zeek', rows, (path) => writeZeekLog(path, { rows, hosts }));
if (zeek.connections !== zeek.taken) throw new Error(`each row of Zeek is a connection: ${JSON.stringify(zeek)}`);
const others = otherRows === 0 ? [] : Object.entries(LOG_FORMATS).map(([name, format]) => measure(name, format.format, otherRows, (path) => writeLog(path, format, { rows: otherRows, hosts })));
const isFast = zeek.read / zeek.seconds > AIM_ZEEK_ROWS_PER_SECOND;
const isSmall = [zeek, ...others].every(({ peakMb }) => peakMb < AIM_PEAK_MB);
console.log(`aims: over ${AIM_ZEEK_ROWS_PER_SECOND} rows a second of Zeek’s tabs ${isFast ? 'met' : 'MISSED'} (by CPU time ${(zeek.read / zeek.cpuSeconds).toFixed(0)}); under ${AIM_PEAK_MB} MB ${isSmall ? 'met' : 'MISSED'}`);
process.exitCode = isFast && isSmall ? 0 : 3;

function measure(name: string, format: ImportFormat, amount: number, write: (path: string) => { broken: number }): Measured {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-bench-import-'));
  try {
    const path = join(folder, 'log');
    const { broken } = write(path);
    const measured = Measured.parse(JSON.parse(execFileSync(process.execPath, [join(import.meta.dirname, 'run-import.ts'), folder, format], { encoding: 'utf8' })));
    if (measured.read !== amount || measured.taken !== amount - broken) throw new Error(`${name}: ${amount - broken} of ${amount} rows were to be taken: ${JSON.stringify(measured)}`);
    const { read, flows, seconds, cpuSeconds, peakMb } = measured;
    console.log([name.padEnd(10), String(read).padStart(10), (statSync(path).size / 1_048_576).toFixed(0).padStart(6), String(flows).padStart(8), (read / seconds).toFixed(0).padStart(9), (read / cpuSeconds).toFixed(0).padStart(9), peakMb.toFixed(0).padStart(8)].join(' '));
    return measured;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
