import { closeSync, openSync, writeSync } from 'node:fs';
import { createRandom } from '../../../shared/policy/testing/random.ts';

export type LogSize = { rows: number; hosts: number };

const HEADER = [
  '#separator \\x09',
  '#set_separator\t,',
  '#empty_field\t(empty)',
  '#unset_field\t-',
  '#path\tconn',
  '#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes\tresp_bytes\tconn_state\tlocal_orig\tlocal_resp\tmissed_bytes\thistory\torig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes\ttunnel_parents',
];
const SERVICES = [
  [443, 'tcp', 'ssl'],
  [5432, 'tcp', '-'],
  [53, 'udp', 'dns'],
  [80, 'tcp', 'http'],
  [22, 'tcp', 'ssh'],
  [6379, 'tcp', '-'],
  [9100, 'tcp', 'http'],
  [123, 'udp', 'ntp'],
] as const;
const BEGIN_SECONDS = 1_760_000_000;
const DAY_SECONDS = 86_400;
const BLOCK_ROWS = 10_000;

/**
 * Writes a day of a site as Zeek's conn.log, in the order of time: every host speaks with its 30 usual providers mostly, one row in 200 is a stranger's, one in 1,000
 * is broken. The same for the same size. Gives how many rows are broken.
 */
export function writeZeekLog(path: string, { rows, hosts }: LogSize): { broken: number } {
  const { integer: draw } = createRandom(6);
  const file = openSync(path, 'w');
  let broken = 0;
  try {
    writeSync(file, `${HEADER.join('\n')}\n`);
    for (let row = 0; row < rows; row += BLOCK_ROWS) {
      const lines: string[] = [];
      for (let i = row; i < Math.min(rows, row + BLOCK_ROWS); i += 1) {
        const isBroken = draw(1000) === 0;
        if (isBroken) broken += 1;
        lines.push(isBroken ? `${BEGIN_SECONDS}.000000\tbroken` : makeRow(BEGIN_SECONDS + (i / rows) * DAY_SECONDS, hosts, draw));
      }
      writeSync(file, `${lines.join('\n')}\n`);
    }
  } finally {
    closeSync(file);
  }
  return { broken };
}

const hostAddress = (host: number): string => `10.${host >> 16}.${(host >> 8) & 255}.${host & 255}`;

function makeRow(atSeconds: number, hosts: number, draw: (below: number) => number): string {
  const consumer = draw(hosts);
  const usual = draw(30);
  const from = draw(200) === 0 ? `198.51.${draw(256)}.${draw(256)}` : hostAddress(consumer);
  const to = hostAddress((consumer * 31 + usual * 97) % hosts);
  const [port, protocol, service] = SERVICES[(consumer + usual) % SERVICES.length] ?? SERVICES[0];
  const [bytes, packets] = [draw(100_000), 1 + draw(60)];
  const state = protocol === 'udp' ? 'SF\t-\t-\t0\tDd' : 'SF\t-\t-\t0\tShADadFf';
  return `${atSeconds.toFixed(6)}\tC${draw(2 ** 31).toString(36)}${draw(2 ** 31).toString(36)}\t${from}\t${32_768 + draw(28_000)}\t${to}\t${port}\t${protocol}\t${service}\t0.${draw(999_999)}\t${bytes}\t${bytes * 3}\t${state}\t${packets}\t${bytes + 40 * packets}\t${packets}\t${bytes * 3 + 40 * packets}\t(empty)`;
}
