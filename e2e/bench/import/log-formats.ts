import type { ImportFormat } from '../../../shared/model/flow-source.ts';

/** One connection as a log tells it. Ports are 0 for none. */
export type LogRow = { readonly atSeconds: number; readonly from: string; readonly fromPort: number; readonly to: string; readonly toPort: number; readonly protocol: 'tcp' | 'udp' };
/** How a file is written: rows are printed one by one, or so many together in a record. */
export type LogFormat = { readonly format: ImportFormat; readonly head: string; readonly foot: string; readonly broken: string; print(row: LogRow): string; readonly records: { readonly rows: number; print(rows: readonly string[], isFirst: boolean): string } | null };

const NUMBERS = { tcp: 6, udp: 17 } as const;
const iso = (atSeconds: number): string => new Date(atSeconds * 1000).toISOString().slice(0, 23);
const lines = { foot: '', records: null } as const;

/** Each format that is imported beside Zeek’s tabs, in its plainest form; sample lines are those of formats.test.ts. */
export const LOG_FORMATS: Readonly<Record<string, LogFormat>> = {
  'zeek-json': {
    format: 'zeek',
    head: '',
    broken: '{"ts":',
    print: ({ atSeconds, from, fromPort, to, toPort, protocol }) => `{"ts":${atSeconds.toFixed(6)},"uid":"CAcJw21CH3CUqAdzR9","id.orig_h":"${from}","id.orig_p":${fromPort},"id.resp_h":"${to}","id.resp_p":${toPort},"proto":"${protocol}","duration":0.2,"orig_bytes":400,"resp_bytes":900,"conn_state":"SF","history":"ShADadFf"}`,
    ...lines,
  },
  suricata: {
    format: 'suricata',
    head: '',
    broken: '{"event_type":"flow",',
    print: ({ atSeconds, from, fromPort, to, toPort, protocol }) => `{"timestamp":"${iso(atSeconds)}000+0000","flow_id":1,"event_type":"flow","src_ip":"${from}","src_port":${fromPort},"dest_ip":"${to}","dest_port":${toPort},"proto":"${protocol.toUpperCase()}","flow":{"pkts_toserver":6,"pkts_toclient":4,"start":"${iso(atSeconds)}000+0000","state":"closed"},"tcp":{"tcp_flags_ts":"1b","tcp_flags_tc":"1b"}}`,
    ...lines,
  },
  vpc: {
    format: 'vpc',
    head: 'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status\n',
    broken: '2 123456789010 eni-a broken',
    print: ({ atSeconds, from, fromPort, to, toPort, protocol }) => `2 123456789010 eni-a ${from} ${to} ${fromPort} ${toPort} ${NUMBERS[protocol]} 20 4249 ${Math.floor(atSeconds)} ${Math.floor(atSeconds) + 60} ACCEPT OK`,
    ...lines,
  },
  azure: {
    format: 'azure',
    head: '{"records":[',
    foot: ']}\n',
    broken: '"nonsense"',
    print: ({ atSeconds, from, fromPort, to, toPort, protocol }) => `"${Math.floor(atSeconds)},${from},${to},${fromPort},${toPort},${protocol === 'tcp' ? 'T' : 'U'},O,A,B,,,,"`,
    records: { rows: 100, print: (tuples, isFirst) => `${isFirst ? '' : ','}{"time":"t","properties":{"Version":2,"flows":[{"rule":"r","flows":[{"mac":"000D3AF8801A","flowTuples":[${tuples.join(',')}]}]}]}}` },
  },
  nfdump: {
    format: 'nfdump',
    head: 'ts,te,td,sa,da,sp,dp,pr,flg\n',
    broken: 'broken,row',
    print: ({ atSeconds, from, fromPort, to, toPort, protocol }) => `${iso(atSeconds).replace('T', ' ').slice(0, 19)},${iso(atSeconds).replace('T', ' ').slice(0, 19)},0.000,${from},${to},${fromPort},${toPort},${protocol.toUpperCase()},...AP.SF`,
    ...lines,
  },
  conntrack: {
    format: 'conntrack',
    head: '',
    broken: 'hello',
    print: ({ from, fromPort, to, toPort, protocol }) => `${protocol}      ${NUMBERS[protocol]} 431999 ${protocol === 'tcp' ? 'ESTABLISHED ' : ''}src=${from} dst=${to} sport=${fromPort} dport=${toPort} src=${to} dst=${from} sport=${toPort} dport=${fromPort} [ASSURED] mark=0 use=1`,
    ...lines,
  },
  ss: {
    format: 'ss',
    head: 'Netid State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process\n',
    broken: 'hello',
    print: ({ from, fromPort, to, toPort, protocol }) => `${protocol}   ESTAB  0      0          ${from}:${fromPort}     ${to}:${toPort} users:(("app",pid=1,fd=4))`,
    ...lines,
  },
};
