import { describe, expect, test } from 'vitest';
import { leftOutOf, linesOf, readText } from './testing/read-text.ts';

const lines = (...rows: string[]): string => `${rows.join('\n')}\n`;

describe('Zeek', () => {
  const FIELDS = '#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tconn_state\thistory';
  const row = (...fields: string[]) => ['1700000000.5', 'C1', ...fields].join('\t');

  test('the history tells who opened, and the state whether anybody answered', async () => {
    const read = await readText(
      lines(
        '#separator \\x09',
        '#unset_field\t-',
        '#path\tconn',
        FIELDS,
        row('10.0.0.1', '50000', '10.0.0.2', '5432', 'tcp', 'SF', 'ShADadFf'),
        row('10.0.0.1', '50001', '10.0.0.2', '5432', 'tcp', 'SF', '-'),
        row('10.0.0.1', '50002', '10.0.0.3', '22', 'tcp', 'S0', 'S'),
        row('10.0.0.2', '443', '10.0.0.9', '50003', 'tcp', 'OTH', 'DdA'),
        row('10.0.0.1', '53', '10.0.0.4', '53', 'udp', 'SF', 'Dd'),
        row('fd00::1', '128', 'fd00::2', '129', 'icmp', 'OTH', '-'),
        '#close\t2023',
      ),
    );
    expect(linesOf(read)).toEqual([
      '10.0.0.1 → 10.0.0.2 tcp/5432 ×2 accepted opening',
      '10.0.0.1 → 10.0.0.3 tcp/22 ×1 accepted opening unanswered',
      '10.0.0.1 → 10.0.0.4 udp/53 ×1 accepted sensor',
      '10.0.0.9 → 10.0.0.2 tcp/443 ×1 accepted known-port',
      'fd00::1 → fd00::2 icmpv6 ×1 accepted sensor',
    ]);
    expect(read.figures).toMatchObject({ format: 'zeek', read: 6, taken: 6, leftOut: [], flows: 5, connections: 6 });
  });

  test('another separator, another order of columns and a second header in the file are followed', async () => {
    const read = await readText(
      lines(
        '#separator \\x7c',
        '#fields|proto|ts|id.resp_h|id.resp_p|id.orig_h|id.orig_p',
        'tcp|1700000000|10.0.0.2|80|10.0.0.1|50000',
        '#fields|ts|id.orig_h|id.orig_p|id.resp_h|id.resp_p|proto',
        '1700000000|10.0.0.1|50000|10.0.0.2|80|tcp',
      ),
    );
    expect(linesOf(read)).toEqual(['10.0.0.1 → 10.0.0.2 tcp/80 ×2 accepted sensor']);
  });

  test('JSON is read in each of its three styles, with both kinds of times', async () => {
    const read = await readText(
      lines(
        '{"ts":1700000000.1,"id.orig_h":"10.0.0.1","id.orig_p":50000,"id.resp_h":"10.0.0.2","id.resp_p":80,"proto":"tcp","history":"S"}',
        '{"ts":"2023-11-14T22:13:20.500000Z","id_orig_h":"10.0.0.1","id_orig_p":50001,"id_resp_h":"10.0.0.2","id_resp_p":80,"proto":"tcp","history":"Sh"}',
        '{"ts":1700000000.1,"id":{"orig_h":"10.0.0.1","orig_p":50002,"resp_h":"10.0.0.2","resp_p":80},"proto":"tcp"}',
        '{"ts":1700000000.1,"level":"info"}',
      ),
    );
    expect(linesOf(read)).toEqual(['10.0.0.1 → 10.0.0.2 tcp/80 ×3 accepted opening']);
    expect(leftOutOf(read)).toEqual(['1 skipped no connection: neither addresses nor a protocol (a line of another Zeek log)']);
  });

  test('a log of something else says which one it is', async () => {
    const read = await readText(lines('#path\tdns', '#fields\tts\tuid\tquery', '1700000000\tC1\texample.org'));
    expect(leftOutOf(read)).toEqual(['1 refused the #fields line lacks what a connection needs: ts, id.orig_h, id.orig_p, id.resp_h, id.resp_p, proto (it is Zeek’s dns log); import conn.log']);
  });
});

test('Suricata: a flow and the two netflow events of its directions are one connection, and a dropped flow is blocked', async () => {
  const ends = '"src_ip":"10.0.0.1","src_port":50000,"dest_ip":"10.0.0.2","dest_port":8443,"proto":"TCP"';
  const back = '"src_ip":"10.0.0.2","src_port":8443,"dest_ip":"10.0.0.1","dest_port":50000,"proto":"TCP"';
  const read = await readText(
    lines(
      `{"event_type":"flow",${ends},"flow":{"start":"2023-11-14T22:13:20.1+0000","pkts_toclient":4},"tcp":{"tcp_flags_ts":"1b","tcp_flags_tc":"1b"}}`,
      `{"event_type":"netflow",${ends},"netflow":{"start":"2023-11-14T22:13:20.1+0000"},"tcp":{"tcp_flags":"1b"}}`,
      `{"event_type":"netflow",${back},"netflow":{"start":"2023-11-14T22:13:20.1+0000"},"tcp":{"tcp_flags":"1b"}}`,
      '{"event_type":"flow","src_ip":"10.0.0.9","src_port":50000,"dest_ip":"10.0.0.2","dest_port":22,"proto":"TCP","flow":{"start":"2023-11-14T22:13:20.1+0000","pkts_toclient":0,"action":"drop"}}',
      '{"event_type":"alert"}',
    ),
  );
  expect(linesOf(read)).toEqual(['10.0.0.1 → 10.0.0.2 tcp/8443 ×1 accepted opening', '10.0.0.9 → 10.0.0.2 tcp/22 ×1 blocked sensor unanswered']);
  expect(leftOutOf(read)).toEqual(['1 skipped no flow: an event of type alert']);
});

test('Suricata: a scanned port, silent or closed, is unanswered by its netflow events too; a SYN-ACK answers', async () => {
  const ends = '"src_ip":"10.0.0.9","src_port":50000,"dest_ip":"10.0.0.2","dest_port":22,"proto":"TCP"';
  const netflow = `{"event_type":"netflow",${ends},"netflow":{"start":"2023-11-14T22:13:20.1+0000"},"tcp":{"tcp_flags":"02"}}`;
  const flow = `{"event_type":"flow",${ends},"flow":{"start":"2023-11-14T22:13:20.1+0000","pkts_toclient":0},"tcp":{"tcp_flags_ts":"02"}}`;
  const answer = '{"event_type":"netflow","src_ip":"10.0.0.2","src_port":22,"dest_ip":"10.0.0.9","dest_port":50000,"proto":"TCP","netflow":{"start":"2023-11-14T22:13:20.1+0000"},"tcp":{"tcp_flags":"12"}}';
  expect(linesOf(await readText(lines(flow, netflow)))).toEqual(['10.0.0.9 → 10.0.0.2 tcp/22 ×1 accepted opening unanswered']);
  expect(linesOf(await readText(lines(netflow, answer)))).toEqual(['10.0.0.9 → 10.0.0.2 tcp/22 ×1 accepted opening']);
  const [reset, refused] = [answer.replace('"12"', '"14"'), flow.replace('"pkts_toclient":0', '"pkts_toclient":1').replace('"02"', '"02","tcp_flags_tc":"14"')];
  expect(linesOf(await readText(lines(refused, netflow, reset)))).toEqual(['10.0.0.9 → 10.0.0.2 tcp/22 ×1 accepted opening unanswered']);
});

describe('AWS VPC flow logs', () => {
  const v2 = (eni: string, from: string, to: string, ports: string, action = 'ACCEPT') => `2 123456789010 ${eni} ${from} ${to} ${ports} 6 20 4249 1700000000 1700000060 ${action} OK`;

  test('version 2: both directions at both interfaces are one conversation, a reject is blocked, NODATA is no flow', async () => {
    const read = await readText(
      lines(
        v2('eni-a', '10.0.0.1', '10.0.0.2', '50000 443'),
        v2('eni-a', '10.0.0.2', '10.0.0.1', '443 50000'),
        v2('eni-b', '10.0.0.1', '10.0.0.2', '50000 443'),
        v2('eni-b', '10.0.0.2', '10.0.0.1', '443 50000'),
        v2('eni-b', '192.0.2.7', '10.0.0.2', '61000 22', 'REJECT'),
        '2 123456789010 eni-c - - - - - - - 1700000000 1700000060 - NODATA',
        '2 123456789010 eni-c - - - - - - - 1700000000 1700000060 - SKIPDATA',
      ),
    );
    expect(read.figures.format).toBe('vpc');
    expect(linesOf(read)).toEqual(['10.0.0.1 → 10.0.0.2 tcp/443 ×1 accepted known-port', '192.0.2.7 → 10.0.0.2 tcp/22 ×1 blocked known-port']);
    expect(leftOutOf(read)).toEqual(['1 skipped NODATA: the interface had no traffic in the interval', '1 skipped SKIPDATA: AWS lost records of the interval']);
  });

  test('a custom format is read by its header: real ends behind a NAT, and TCP flags that show who opened', async () => {
    const header = 'interface-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr srcport dstport protocol tcp-flags start action';
    const read = await readText(lines(header, 'eni-a 10.0.0.5 10.0.0.2 10.9.0.1 10.0.0.2 40000 39999 6 2 1700000000 ACCEPT', 'eni-a 10.0.0.2 10.0.0.5 10.0.0.2 10.9.0.1 39999 40000 6 18 1700000000 ACCEPT'));
    expect(linesOf(read)).toEqual(['10.9.0.1 → 10.0.0.2 tcp/39999 ×1 accepted opening']);
  });

  test('a header without what is needed is refused with what lacks', async () => {
    const read = await readText(lines('srcaddr dstaddr start', '10.0.0.1 10.0.0.2 1700000000'));
    expect(leftOutOf(read)).toEqual(['1 refused the header lacks srcport, dstport, protocol, action; add them to the flow log’s format']);
  });
});

describe('Azure flow logs', () => {
  const nsg = (version: number, ...tuples: string[]) =>
    JSON.stringify({ records: [{ time: 't', properties: { Version: version, flows: [{ rule: 'r', flows: [{ mac: '000D3AF8801A', flowTuples: tuples }] }] } }, { time: 't', category: 'other' }] });

  test('NSG version 2: what begins is counted, what goes on is not counted again, D is blocked', async () => {
    const read = await readText(
      nsg(2, '1700000000,10.0.0.1,10.0.0.2,50000,443,T,O,A,B,,,,', '1700000010,10.0.0.1,10.0.0.2,50000,443,T,O,A,C,1,2,3,4', '1700000020,10.0.0.1,10.0.0.2,50000,443,T,O,A,E,1,2,3,4', '1700000000,192.0.2.7,10.0.0.2,50001,22,T,I,D,B,,,,', 'nonsense'),
    );
    expect(read.figures).toMatchObject({ format: 'azure', read: 6, taken: 4 });
    expect(linesOf(read)).toEqual(['10.0.0.1 → 10.0.0.2 tcp/443 ×1 accepted opening', '192.0.2.7 → 10.0.0.2 tcp/22 ×1 blocked opening']);
    expect(leftOutOf(read)).toEqual(['1 refused a tuple with too few parts', '1 skipped a record without flows']);
  });

  test('NSG version 1 and VNet, pretty printed and in pieces of any size', async () => {
    const vnet = { records: [{ macAddress: 'M', flowRecords: { flows: [{ aclID: 'a', flowGroups: [{ rule: 'r "{[" \\', flowTuples: ['1700000000000,10.0.0.6,192.0.2.180,23956,443,6,O,B,NX,0,0,0,0', '1700000000000,10.0.0.6,192.0.2.181,0,0,1,O,D,NX,0,0,0,0'] }] }] } }] };
    expect(linesOf(await readText(JSON.stringify(vnet, null, 2)))).toEqual(['10.0.0.6 → 192.0.2.180 tcp/443 ×1 accepted opening', '10.0.0.6 → 192.0.2.181 icmp ×1 blocked sensor']);
    expect(linesOf(await readText(nsg(1, '1700000000,10.0.0.1,10.0.0.2,50000,53,U,O,A')))).toEqual(['10.0.0.1 → 10.0.0.2 udp/53 ×1 accepted sensor']);
  });
});

test('nfdump: rows of both directions are one connection, echo replies are no requests, the summary is no flow', async () => {
  const row = (from: string, to: string, ports: string, protocol: string, flags: string) => `2023-11-14 22:13:20,2023-11-14 22:13:25,5.000,${from},${to},${ports},${protocol},${flags}`;
  const read = await readText(
    lines(
      'ts,te,td,sa,da,sp,dp,pr,flg',
      row('10.0.0.1', '10.0.0.2', '50000,8080', 'TCP', '...AP.SF'),
      row('10.0.0.2', '10.0.0.1', '8080,50000', 'TCP', '...AP.SF'),
      row('10.0.0.7', '10.0.0.2', '50001,40000', 'TCP', '......S.'),
      row('10.0.0.7', '10.0.0.2', '50002,22', 'TCP', '......S.'),
      row('10.0.0.2', '10.0.0.7', '22,50002', 'TCP', '...A.R..'),
      row('10.0.0.1', '10.0.0.2', '0,2048', 'ICMP', '........'),
      row('10.0.0.2', '10.0.0.1', '0,0', 'ICMP', '........'),
      row('10.0.0.8', '10.0.0.9', '45000,46000', 'UDP', '........'),
      row('10.0.0.8', '10.0.0.9', '2000,46000', 'UDP', '........'),
      'Summary',
      'flows,bytes',
    ),
  );
  expect(linesOf(read)).toEqual([
    '10.0.0.1 → 10.0.0.2 icmp ×1 accepted sensor',
    '10.0.0.1 → 10.0.0.2 tcp/8080 ×1 accepted known-port',
    '10.0.0.7 → 10.0.0.2 tcp/22 ×1 accepted opening unanswered',
    '10.0.0.7 → 10.0.0.2 tcp/40000 ×1 accepted opening unanswered',
    '10.0.0.8 → 10.0.0.9 udp/46000 ×1 accepted unknown',
    '10.0.0.9 → 10.0.0.8 udp/2000 ×1 accepted lower-port',
  ]);
  expect(leftOutOf(read)).toEqual(['2 skipped no flow: nfdump’s summary']);
});

test('nfdump: what was joined behind a summary is read', async () => {
  const file = (port: number) => ['ts,te,td,sa,da,sp,dp,pr,flg', `2023-11-14 22:13:20,2023-11-14 22:13:25,5,10.0.0.1,10.0.0.2,50000,${port},TCP,...AP.SF`, 'Summary', 'flows,bytes', '1,60'];
  const read = await readText(lines(...file(80), ...file(443)));
  expect(linesOf(read)).toEqual(['10.0.0.1 → 10.0.0.2 tcp/443 ×1 accepted known-port', '10.0.0.1 → 10.0.0.2 tcp/80 ×1 accepted known-port']);
  expect(leftOutOf(read)).toEqual(['6 skipped no flow: nfdump’s summary']);
});

test('conntrack: the kernel knows who opened, and the answer names the real server behind a translation', async () => {
  const read = await readText(
    lines(
      'tcp      6 431999 ESTABLISHED src=10.0.0.1 dst=10.0.0.2 sport=50000 dport=5432 src=10.0.0.2 dst=10.0.0.1 sport=5432 dport=50000 [ASSURED] mark=0 use=1',
      'ipv4     2 tcp      6 117 SYN_SENT src=10.0.0.1 dst=10.0.0.3 sport=50001 dport=22 [UNREPLIED] src=10.0.0.3 dst=10.0.0.1 sport=22 dport=50001 mark=0 use=1',
      'tcp      6 300 ESTABLISHED src=192.0.2.9 dst=203.0.113.1 sport=50002 dport=80 packets=5 bytes=500 src=172.17.0.2 dst=192.0.2.9 sport=8080 dport=50002 packets=4 bytes=400 [ASSURED] use=1',
      'icmp     1 29 src=10.0.0.1 dst=10.0.0.2 type=8 code=0 id=5 src=10.0.0.2 dst=10.0.0.1 type=0 code=0 id=5 mark=0 use=1',
      'conntrack v1.4.7 (conntrack-tools): 4 flow entries have been shown.',
      'hello',
    ),
  );
  expect(read.figures.format).toBe('conntrack');
  expect(linesOf(read)).toEqual([
    '10.0.0.1 → 10.0.0.2 icmp ×1 accepted opening',
    '10.0.0.1 → 10.0.0.2 tcp/5432 ×1 accepted opening',
    '10.0.0.1 → 10.0.0.3 tcp/22 ×1 accepted opening unanswered',
    '192.0.2.9 → 172.17.0.2 tcp/8080 ×1 accepted opening',
  ]);
  expect(leftOutOf(read)).toEqual(['1 refused not a line of conntrack -L', '1 skipped no connection: conntrack’s own line']);
});

test('ss: a listener in the same listing tells the provider; addresses in IPv6 form and with a zone are read', async () => {
  const read = await readText(
    lines(
      'Netid State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process',
      'tcp   LISTEN 0      128          0.0.0.0:39000      0.0.0.0:*     users:(("app",pid=1,fd=3))',
      'tcp   ESTAB  0      0          10.0.0.1:39000     10.0.0.9:41000 users:(("a b",pid=1,fd=4))',
      'tcp   ESTAB  0      0   [::ffff:10.0.0.1]:50000 [::ffff:10.0.0.2]:5432',
      'tcp   SYN-SENT 0    1          10.0.0.1:50001     10.0.0.3:22',
      'udp   ESTAB  0      0     10.0.0.1%eth0:68        10.0.0.254:67',
      'udp   UNCONN 0      0                 *:5353              *:*',
      'tcp   ESTAB  0      0         127.0.0.1:50002    127.0.0.1:39000',
    ),
  );
  expect(read.figures.format).toBe('ss');
  expect(linesOf(read)).toEqual([
    '10.0.0.1 → 10.0.0.2 tcp/5432 ×1 accepted known-port',
    '10.0.0.1 → 10.0.0.3 tcp/22 ×1 accepted opening unanswered',
    '10.0.0.9 → 10.0.0.1 tcp/39000 ×1 accepted opening',
    '10.0.0.1 → 10.0.0.254 udp/67 ×1 accepted lower-port',
  ].toSorted());
  expect(leftOutOf(read)).toEqual(['2 skipped no connection: a socket that listens', '1 skipped loopback: it never left its host']);
});

test('a port on which a host of the workspace listens decides what ports alone would get wrong', async () => {
  const row = '2023-11-14 22:13:20,2023-11-14 22:13:25,5,10.0.0.1,10.0.0.2,8080,50000,TCP,...AP.SF';
  const isListening = (address: string, protocol: string, port: number) => `${address} ${protocol}/${port}` === '10.0.0.2 tcp/50000';
  expect(linesOf(await readText(lines('ts,te,td,sa,da,sp,dp,pr,flg', row), { isListening }))).toEqual(['10.0.0.1 → 10.0.0.2 tcp/50000 ×1 accepted listener']);
});
