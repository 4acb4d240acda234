import { closeSync, openSync, writeSync } from 'node:fs';
import { createRandom } from '../../../shared/policy/testing/random.ts';
import type { LogFormat, LogRow } from './log-formats.ts';

const PORTS = [443, 5432, 80, 22, 6379, 9100] as const;
const BEGIN_SECONDS = 1_760_000_000;
const DAY_SECONDS = 86_400;
const BLOCK_ROWS = 10_000;

/** A day of a site in the format, in the order of time: every host speaks with its 30 usual providers, and one row in 1,000 is broken. The same for the same size. Gives how many are broken. */
export function writeLog(path: string, { head, foot, broken, print, records }: LogFormat, { rows, hosts }: { rows: number; hosts: number }): { broken: number } {
  const { integer: draw } = createRandom(6);
  const file = openSync(path, 'w');
  let refused = 0;
  try {
    writeSync(file, head);
    for (let begin = 0; begin < rows; begin += BLOCK_ROWS) {
      const block: string[] = [];
      for (let row = begin; row < Math.min(rows, begin + BLOCK_ROWS); row += 1) {
        const isBroken = draw(1000) === 0;
        if (isBroken) refused += 1;
        block.push(isBroken ? broken : print(drawRow(BEGIN_SECONDS + (row / rows) * DAY_SECONDS, hosts, draw)));
      }
      writeSync(file, records === null ? `${block.join('\n')}\n` : inRecords(block, records, begin === 0));
    }
    writeSync(file, foot);
  } finally {
    closeSync(file);
  }
  return { broken: refused };
}

function inRecords(block: readonly string[], { rows, print }: NonNullable<LogFormat['records']>, isFirst: boolean): string {
  const parts: string[] = [];
  for (let at = 0; at < block.length; at += rows) parts.push(print(block.slice(at, at + rows), isFirst && at === 0));
  return parts.join('');
}

function drawRow(atSeconds: number, hosts: number, draw: (below: number) => number): LogRow {
  const [consumer, usual] = [draw(hosts), draw(30)];
  const provider = (consumer * 31 + usual * 97 + 1) % hosts;
  return { atSeconds, from: addressOf(consumer), fromPort: 32_768 + draw(28_000), to: addressOf(provider), toPort: PORTS[(consumer + usual) % PORTS.length] ?? 443, protocol: 'tcp' };
}

const addressOf = (host: number): string => `10.${host >> 16}.${(host >> 8) & 255}.${host & 255}`;
