import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { leftOutOf, readPath } from './testing/read-text.ts';

/** Logs that nobody here wrote; counted a second time by awk, which knows nothing of ours. */
const DATA = process.env.FIREBREAK_REAL_DATA ?? new URL('../../../shared/data', import.meta.url).pathname;
const awk = (file: string, program: string): string => execFileSync('sh', ['-c', 'case "$1" in *.gz) zcat "$1";; *) cat "$1";; esac | LC_ALL=C awk "$2"', 'sh', join(DATA, file), program], { encoding: 'utf8', maxBuffer: 1 << 26 }).trim();
const awkNumber = (file: string, program: string): number => Number(awk(file, program));
const read = async (file: string) => readPath(join(DATA, file));

describe.skipIf(!existsSync(DATA))('real logs', () => {
  test('Zeek conn.log of M57: every row is taken; rows, conversations and first time are those that awk counts', async () => {
    const file = 'zeek/vast_m57_conn.log.gz';
    const { figures, conversations } = await read(file);
    const rows = awkNumber(file, '!/^#/ { n++ } END { print n }');
    // No row of this log is turned around by ports: its history or the first packet tells.
    const flows = awkNumber(file, 'BEGIN { FS="\\t" } !/^#/ { k = $3 " " $5 " " $7 " " ($7 == "icmp" ? 0 : $6); if (!(k in seen)) { seen[k]; n++ } } END { print n }');
    expect([figures.read, figures.taken, figures.connections, figures.flows]).toEqual([rows, rows, rows, flows]);
    expect(figures.leftOut).toEqual([]);
    expect(figures.firstSeenAtMs).toBe(awkNumber(file, '!/^#/ { t = int($1 * 1000 + 0.5); if (!m || t < m) m = t } END { printf "%.0f", m }'));
    const dns = conversations.filter((one) => one.port === 53 && one.protocol === 'udp').reduce((sum, one) => sum + one.connections, 0);
    expect(dns).toBe(awkNumber(file, 'BEGIN { FS="\\t" } !/^#/ && $7 == "udp" && $6 == 53 { n++ } END { print n }'));
    const unanswered = conversations.filter((one) => !one.answered).length;
    const expected = 'BEGIN { FS="\\t" } !/^#/ && $7 == "tcp" { k = $3 " " $5 " " $6; all[k]; if ($12 !~ /^(S0|REJ|RSTOS0|SH)$/) ok[k] } END { for (k in all) if (!(k in ok)) n++; print n + 0 }';
    expect(unanswered).toBe(awkNumber(file, expected));
  });

  test('Zeek 5-tuples of WRCCDC: 69,934 rows, and each hour has what awk counts in it', async () => {
    const file = 'zeek/wrccdc_5tuple.log.gz';
    const { figures, conversations } = await read(file);
    const rows = awkNumber(file, '!/^#/ { n++ } END { print n }');
    expect([figures.read, figures.taken, figures.connections]).toEqual([rows, rows, rows]);
    const hours = new Map<number, number>();
    for (const one of conversations) for (const [startMs, count] of one.hours) hours.set(startMs, (hours.get(startMs) ?? 0) + count);
    const counted = awk(file, '!/^#/ { h[int($1 / 3600)]++ } END { for (i in h) print i " " h[i] }');
    expect([...hours].map(([startMs, count]) => `${startMs / 3_600_000} ${count}`).toSorted()).toEqual(counted.split('\n').toSorted());
    // Here the sensor alone says who sent first, and some rows began in the middle: of 10/8 to 10/8 no row is lost whichever way it is turned.
    const inside = conversations.filter((one) => one.consumer.startsWith('10.') && one.provider.startsWith('10.')).reduce((sum, one) => sum + one.connections, 0);
    expect(inside).toBe(awkNumber(file, '!/^#/ && $3 ~ /^10\\./ && $5 ~ /^10\\./ { n++ } END { print n }'));
  });

  test('a Zeek log that is not of connections is refused row by row, with what it is', async () => {
    const { figures } = await read('zeek/known_services.log.gz');
    expect([figures.read, figures.taken]).toEqual([awkNumber('zeek/known_services.log.gz', '!/^#/ { n++ } END { print n }'), 0]);
    expect(figures.leftOut[0]?.reason).toContain('known_services');
  });

  test.each(['day1_NASHUA', 'day1_SCRANTON', 'day2_NEWYORK', 'day2_SCRANTON', 'day2_UTICA-A', 'day2_UTICA-C', 'day2_UTICA-D', 'day2_UTICA-ONE-DRIVE'])('Zeek JSON of APT29 %s: rows, and connections to port 443, as awk counts them', async (name) => {
    const file = `zeek/apt29_${name}_conn.json.gz`;
    const { figures, conversations } = await read(file);
    const rows = awkNumber(file, '{ n++ } END { print n }');
    expect([figures.read, figures.taken, figures.connections, figures.leftOut]).toEqual([rows, rows, rows, []]);
    const tls = conversations.filter((one) => one.port === 443).reduce((sum, one) => sum + one.connections, 0);
    expect(tls).toBe(awkNumber(file, '/"id_resp_p":443,/ { n++ } END { print n + 0 }'));
  });

  test.each(['suricata/vast_eve.json', 'suricata/vast_m57_eve.json.gz', 'suricata/gtk_eve_small.json.gz'])('Suricata %s: flows are taken, other events are skipped by type, as awk counts them', async (file) => {
    const result = await read(file);
    const flows = awkNumber(file, '/"event_type":"(net)?flow"/ { n++ } END { print n + 0 }');
    expect([result.figures.read, result.figures.taken]).toEqual([awkNumber(file, 'NF { n++ } END { print n }'), flows]);
    const types = awk(file, '{ if (match($0, /"event_type":"[a-z]+"/)) { t = substr($0, RSTART + 14, RLENGTH - 15); if (t != "flow" && t != "netflow") n[t]++ } } END { for (t in n) print n[t] " skipped no flow: an event of type " t }');
    const noType = awkNumber(file, 'NF && !/"event_type":/ { n++ } END { print n + 0 }');
    expect(leftOutOf(result).toSorted()).toEqual([...types.split('\n'), ...(noType > 0 ? [`${noType} refused not a JSON object`] : [])].toSorted());
  });

  test('nfdump of 1,380 captures: what is left out, and the pairs that spoke TCP, are what awk counts', async () => {
    const file = 'netflow/suricata_verify_nfdump.csv.gz';
    const result = await read(file);
    const { figures, conversations } = result;
    const isFlow = 'NR > 1 && NF > 1';
    const left = 'BEGIN { FS="," } NR > 1 && NF == 1 { none++ } NR > 1 && NF > 1 { if (substr($1, 1, 4) < 1990) old++; else if ($4 ~ /^(127\\.|::1$)/ || $5 ~ /^(127\\.|::1$)/) lo++ } END { print none, old, lo }';
    const [none = 0, old = 0, loopback = 0] = awk(file, left).split(' ').map(Number);
    expect(figures.read).toBe(awkNumber(file, 'NR > 1 { n++ } END { print n }'));
    expect(leftOutOf(result)).toEqual([`${old} refused the time is before 1990 or more than a day ahead`, `${loopback} skipped loopback: it never left its host`, `${none} skipped no flow: nfdump says that none matched`]);
    expect(figures.taken).toBe(figures.read - none - old - loopback);
    const pairs = awkNumber(file, `BEGIN { FS="," } { sub(/^::ffff:/, "", $4); sub(/^::ffff:/, "", $5) } ${isFlow} && substr($1, 1, 4) >= 1990 && $4 !~ /^(127\\.|::1$)/ && $5 !~ /^(127\\.|::1$)/ && $8 == "TCP" { k = $4 < $5 ? $4 " " $5 : $5 " " $4; if (!(k in seen)) { seen[k]; n++ } } END { print n }`);
    const told = new Set(conversations.filter((one) => one.protocol === 'tcp').map((one) => [one.consumer, one.provider].toSorted().join(' ')));
    expect(told.size).toBe(pairs);
  });
});
