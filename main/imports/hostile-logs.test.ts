import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ImportFormat, ImportFormat as Format } from '../../shared/model/flow-source.ts';
import { leftOutOf, linesOf, readText, TEST_NOW_MS } from './testing/read-text.ts';

const HEADER = '#fields\tts\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\n';
const GOOD = '1700000000.5\t10.0.0.1\t50000\t10.0.0.2\t443\ttcp\n';
const GOOD_LINE = '10.0.0.1 → 10.0.0.2 tcp/443 ×1 accepted sensor';
const zeek = (...fields: string[]): string => `${fields.join('\t')}\n`;

/** One bad row each, and the reason for which it is refused. */
const BAD_ROWS: readonly (readonly [string, string, string])[] = [
  ['ANSI in an address', zeek('1700000000', '\u001b[2J10.0.0.1', '1', '10.0.0.2', '2', 'tcp'), 'an address cannot be read'],
  ['an OSC title in a protocol', zeek('1700000000', '10.0.0.1', '1', '10.0.0.2', '2', '\u001b]0;owned\u0007'), 'the protocol cannot be read'],
  ['HTML in an address', zeek('1700000000', '<img src=x onerror=alert(1)>', '1', '10.0.0.2', '2', 'tcp'), 'an address cannot be read'],
  ['HTML in a protocol', zeek('1700000000', '10.0.0.1', '1', '10.0.0.2', '2', '<b>tcp</b>'), 'the protocol cannot be read'],
  ['a formula in an address', zeek('1700000000', '=HYPERLINK("http://x","y")', '1', '10.0.0.2', '2', 'tcp'), 'an address cannot be read'],
  ['a formula in a protocol', zeek('1700000000', '10.0.0.1', '1', '10.0.0.2', '2', '=1+1'), 'the protocol cannot be read'],
  ['NUL in an address', zeek('1700000000', '10.0.0.1\u0000', '1', '10.0.0.2', '2', 'tcp'), 'an address cannot be read'],
  ['NUL in a port', zeek('1700000000', '10.0.0.1', '1\u00002', '10.0.0.2', '2', 'tcp'), 'a port is no number from 0 to 65535'],
  ['a negative port', zeek('1700000000', '10.0.0.1', '-1', '10.0.0.2', '2', 'tcp'), 'a port is no number from 0 to 65535'],
  ['a port that overflows 16 bits', zeek('1700000000', '10.0.0.1', '1', '10.0.0.2', '65536', 'tcp'), 'a port is no number from 0 to 65535'],
  ['a port that overflows 64 bits', zeek('1700000000', '10.0.0.1', '1', '10.0.0.2', '18446744073709551617', 'tcp'), 'a port is no number from 0 to 65535'],
  ['a hexadecimal port', zeek('1700000000', '10.0.0.1', '0x10', '10.0.0.2', '2', 'tcp'), 'a port is no number from 0 to 65535'],
  ['a port in exponents', zeek('1700000000', '10.0.0.1', '1e3', '10.0.0.2', '2', 'tcp'), 'a port is no number from 0 to 65535'],
  ['an octal address', zeek('1700000000', '010.0.0.1', '1', '10.0.0.2', '2', 'tcp'), 'an address cannot be read'],
  ['a short address', zeek('1700000000', '10.1', '1', '10.0.0.2', '2', 'tcp'), 'an address cannot be read'],
  ['a network for an address', zeek('1700000000', '10.0.0.0/8', '1', '10.0.0.2', '2', 'tcp'), 'an address cannot be read'],
  ['a host name for an address', zeek('1700000000', 'localhost', '1', '10.0.0.2', '2', 'tcp'), 'an address cannot be read'],
  ['an address of 100,000 characters', zeek('1700000000', '1'.repeat(100_000), '1', '10.0.0.2', '2', 'tcp'), 'an address cannot be read'],
  ['a time of 1970', zeek('0.5', '10.0.0.1', '1', '10.0.0.2', '2', 'tcp'), 'the time is before 1990 or more than a day ahead'],
  ['a negative time', zeek('-1700000000', '10.0.0.1', '1', '10.0.0.2', '2', 'tcp'), 'the time is before 1990 or more than a day ahead'],
  ['a time of 2200', zeek('7258118400', '10.0.0.1', '1', '10.0.0.2', '2', 'tcp'), 'the time is before 1990 or more than a day ahead'],
  ['a time in milliseconds', zeek('1700000000000', '10.0.0.1', '1', '10.0.0.2', '2', 'tcp'), 'the time is before 1990 or more than a day ahead'],
  ['a time that is infinite', zeek('1e999', '10.0.0.1', '1', '10.0.0.2', '2', 'tcp'), 'the time is before 1990 or more than a day ahead'],
  ['a time that is no number', zeek('NaN', '10.0.0.1', '1', '10.0.0.2', '2', 'tcp'), 'the time cannot be read'],
  ['a protocol number that does not exist', zeek('1700000000', '10.0.0.1', '1', '10.0.0.2', '2', '256'), 'the protocol cannot be read'],
  ['a protocol with a path', zeek('1700000000', '10.0.0.1', '1', '10.0.0.2', '2', '../../etc/passwd'), 'the protocol cannot be read'],
  ['a direction override in a protocol', zeek('1700000000', '10.0.0.1', '1', '10.0.0.2', '2', '\u202epct'), 'the protocol cannot be read'],
  ['too few fields', zeek('1700000000', '10.0.0.1'), 'the line has fewer fields than its header names'],
  ['a name of the prototype', zeek('__proto__', 'constructor', '1', 'toString', '2', 'tcp'), 'the time cannot be read'],
  ['JSON that is a list', '{"a":1}]\n', 'not a JSON object'],
  ['JSON that nests 100,000 deep', `{"a":${'['.repeat(100_000)}\n`, 'not a JSON object'],
  ['JSON with wrong types', '{"ts":{},"id.orig_h":[1],"id.orig_p":"x","id.resp_h":true,"id.resp_p":null,"proto":"tcp"}\n', 'the time cannot be read'],
  ['JSON with an overflowing number', '{"ts":1e400,"id.orig_h":"10.0.0.1","id.orig_p":1,"id.resp_h":"10.0.0.2","id.resp_p":2,"proto":"tcp"}\n', 'the time cannot be read'],
  ['JSON with half a port', '{"ts":1700000000,"id.orig_h":"10.0.0.1","id.orig_p":1.5,"id.resp_h":"10.0.0.2","id.resp_p":2,"proto":"tcp"}\n', 'a port is no number from 0 to 65535'],
];

describe('one bad row', () => {
  test.each(BAD_ROWS)('%s: the row is refused with its reason, the next one is taken, and nothing of it is shown live', async (_, row, reason) => {
    const read = await readText(Buffer.from(HEADER + row + GOOD, 'utf8'), { format: 'zeek' });
    expect(linesOf(read)).toEqual([GOOD_LINE]);
    expect(leftOutOf(read)).toEqual([`1 refused ${reason}`]);
    const [example] = read.figures.leftOut[0]?.examples ?? [];
    expect(example?.line).toBe(2);
    expect(example?.text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    expect(example?.text.length).toBeLessThanOrEqual(161);
  });

  test('bytes that are no UTF-8 are refused or shown with a mark, and end nothing', async () => {
    const read = await readText(Buffer.concat([Buffer.from(HEADER), Buffer.from([0xff, 0xfe, 0x80, 0x09, 0xc3, 0x0a]), Buffer.from(GOOD)]));
    expect([linesOf(read), leftOutOf(read)]).toEqual([[GOOD_LINE], ['1 refused the line has fewer fields than its header names']]);
  });

  test('a line of 10 MB is refused without being kept, in a plain file and a compressed one', async () => {
    const text = `${HEADER}${'A'.repeat(10_000_000)}\n${GOOD}`;
    for (const gzip of [false, true]) {
      const read = await readText(text, { gzip });
      expect([linesOf(read), leftOutOf(read)]).toEqual([[GOOD_LINE], ['1 refused the line is longer than 1 MiB']]);
      expect(read.figures.leftOut[0]?.examples[0]?.text.length).toBeLessThan(200);
    }
  });

  test('an Azure record of 20 MB is refused and the next one is read', async () => {
    const record = (tuple: string) => `{"properties":{"flows":[{"flows":[{"mac":"M","flowTuples":["${tuple}"]}]}]}}`;
    const read = await readText(`{"records":[${record('x'.repeat(20_000_000))},${record('1700000000,10.0.0.1,10.0.0.2,50000,443,T,O,A')}]}`, { format: 'azure' });
    expect([linesOf(read), leftOutOf(read)]).toEqual([[GOOD_LINE], ['1 refused the record is longer than 16 MiB']]);
  });
});

describe('a bad file', () => {
  test('a megabyte of nothing but lists is one record without flows, and takes no time that grows with its square', { timeout: 10_000 }, async () => {
    expect(leftOutOf(await readText(`{"records":1${',"a":[]'.repeat(150_000)}}`, { format: 'azure' }))).toEqual(['1 skipped a record without flows']);
  });

  test('a compressed log that is cut off: what came before counts, and that it was cut is told', async () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => `1700000000.5\t10.0.${i % 250}.1\t${(i * 7919) % 60_000}\t10.0.0.2\t443\ttcp\n`).join('');
    const read = await readText(HEADER + rows, { gzip: true, cutBytes: 20_000 });
    expect(read.figures.taken).toBeGreaterThan(1000);
    expect(read.figures.taken).toBeLessThan(20_000);
    expect(leftOutOf(read).some((line) => line.includes('the compressed data is damaged or cut off from here on'))).toBe(true);
  });

  test('an archive that is damaged from its start is told as that, and not as a format that is unknown', async () => {
    await expect(readText(HEADER + GOOD, { gzip: true, cutBytes: 74 })).rejects.toMatchObject({ payload: { issues: [{ message: expect.stringContaining('the compressed data is damaged') }] } });
  });

  test('a compressed log that unpacks to far more than a log does is stopped', async () => {
    const read = await readText(HEADER + GOOD + '\n'.repeat(30_000_000), { gzip: true, unpack: { atLeastBytes: 1_000_000, ratio: 250 } });
    expect([linesOf(read), leftOutOf(read)]).toEqual([[GOOD_LINE], ['1 refused unpacks to more than 250 times its size, which no log does: the rest was not read']]);
  });

  test('UTF-16 is refused by name, a UTF-8 mark and Windows line ends are no matter', async () => {
    await expect(readText(Buffer.from(`\ufeff${HEADER}`, 'utf16le'))).rejects.toMatchObject({ code: 'INPUT_INVALID', payload: { issues: [{ message: expect.stringContaining('UTF-16') }] } });
    expect(linesOf(await readText(`\ufeff${HEADER}${GOOD}`.replaceAll('\n', '\r\n')))).toEqual([GOOD_LINE]);
  });

  test('a format that cannot be told is refused with the ones that can', async () => {
    for (const text of ['', 'root:x:0:0\n', '{"hello":"world"}\n', '%PDF-1.7\n']) {
      await expect(readText(text)).rejects.toMatchObject({ code: 'INPUT_INVALID', payload: { issues: [{ message: expect.stringContaining('--format zeek|suricata|vpc') }] } });
    }
  });

  test('more conversations, hours or witnesses than memory has room for are counted as left out', async () => {
    const many = Array.from({ length: 30 }, (_, i) => zeek('1700000000', `10.0.1.${i}`, '50000', '10.0.0.2', '443', 'tcp')).join('');
    expect(leftOutOf(await readText(HEADER + many, { limits: { conversations: 10, hours: 100 } }))[0]).toMatch(/^20 refused more different conversations/);
    const days = Array.from({ length: 30 }, (_, i) => zeek(String(1_700_000_000 + i * 86_400), '10.0.0.1', '50000', '10.0.0.2', '443', 'tcp')).join('');
    expect(leftOutOf(await readText(HEADER + days, { limits: { conversations: 10, hours: 10 } }))[0]).toMatch(/^20 refused more different conversations/);
    const interfaces = Array.from({ length: 70 }, (_, i) => `2 1 eni-${i} 10.0.0.1 10.0.0.2 50000 443 6 1 1 1700000000 1700000001 ACCEPT OK\n`).join('');
    expect(leftOutOf(await readText(interfaces))).toEqual(['6 refused more than 64 interfaces tell the same conversation']);
  });

  test('a header that names another log each time makes no endless list of reasons', async () => {
    const text = Array.from({ length: 1000 }, (_, i) => `#path\tlog${i}\n#fields\tts\n1\n`).join('');
    const { figures } = await readText(text, { format: 'zeek' });
    expect([figures.read, figures.leftOut.length, figures.leftOut[0]]).toMatchObject([1000, 129, { rows: 872, reason: 'another reason, after 128 different ones (refused)' }]);
  });

  test('names of exporters and protocols are not kept beyond what names are long', async () => {
    const row = (exporter: string) => `2023-11-14 22:13:20,2023-11-14 22:13:20,0,10.0.0.1,10.0.0.2,50000,443,TCP,......S.,${exporter}\n`;
    const long = Array.from({ length: 70 }, (_, i) => row(`${'x'.repeat(1000)}${i}`)).join('');
    expect(leftOutOf(await readText(`ts,te,td,sa,da,sp,dp,pr,flg,ra\n${long}`))).toEqual([]);
    expect(leftOutOf(await readText(HEADER + zeek('1700000000', '10.0.0.1', '50000', '10.0.0.2', '443', `tcp${' '.repeat(1000)}`) + GOOD))).toEqual(['1 refused the protocol cannot be read']);
  });

  test('more hours than memory has room for are counted by the day, and nothing of them is lost', async () => {
    const hours = Array.from({ length: 96 }, (_, i) => zeek(String(1_700_006_400 + (i % 48) * 3600), `10.0.0.${1 + (i % 2)}`, '50000', '10.0.0.9', '443', 'tcp')).join('');
    const [fine, rolled] = [await readText(HEADER + hours), await readText(HEADER + hours, { limits: { conversations: 10, hours: 20 } })];
    expect([fine.figures.connections, rolled.figures.connections, rolled.figures.leftOut]).toEqual([96, 96, []]);
    expect(fine.conversations.map((one) => one.hours.length)).toEqual([24, 24]);
    expect(rolled.conversations.map((one) => one.hours)).toEqual(Array.from({ length: 2 }, () => [0, 1, 2].map((day) => [1_699_920_000_000 + day * 86_400_000, [0, 24, 24][day]]).slice(1)));
    expect(rolled.figures.caveat).toBe('there were more hours than fit, so connections are counted by the day');
  });

  test('an import that is aborted ends with ABORTED', async () => {
    await expect(readText(HEADER + GOOD, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' });
  });
});

/** Beginnings from which each format's own rows are made, so that the noise reaches its parser. */
const SEEDS: Readonly<Record<ImportFormat, string>> = {
  zeek: HEADER + GOOD,
  suricata: '{"event_type":"flow","src_ip":"10.0.0.1","src_port":1,"dest_ip":"10.0.0.2","dest_port":2,"proto":"TCP","flow":{"start":"2023-11-14T22:13:20.1+0000"}}\n',
  vpc: '2 1 eni-a 10.0.0.1 10.0.0.2 50000 443 6 1 1 1700000000 1700000001 ACCEPT OK\n',
  azure: '{"records":[{"properties":{"flows":[{"flows":[{"mac":"M","flowTuples":["1700000000,10.0.0.1,10.0.0.2,5,6,T,O,A,B"]}]}]}}]}\n',
  nfdump: 'ts,te,td,sa,da,sp,dp,pr,flg\n2023-11-14 22:13:20,2023-11-14 22:13:20,0,10.0.0.1,10.0.0.2,50000,443,TCP,......S.\n',
  conntrack: 'tcp 6 100 ESTABLISHED src=10.0.0.1 dst=10.0.0.2 sport=50000 dport=443 src=10.0.0.2 dst=10.0.0.1 sport=443 dport=50000\n',
  ss: 'tcp ESTAB 0 0 10.0.0.1:50000 10.0.0.2:443\n',
};

test('whatever bytes are put into a log of whatever format: it ends, every row is taken or left out, and what is taken is well formed', async () => {
  const place = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), bytes: fc.uint8Array({ maxLength: 12 }) });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...Format.options), fc.array(place, { maxLength: 4 }), fc.nat(3), async (format, places, copies) => {
      let bytes = Buffer.from(SEEDS[format].repeat(copies + 1));
      for (const { at, bytes: noise } of places) {
        const cut = Math.floor(at * bytes.length);
        bytes = Buffer.concat([bytes.subarray(0, cut), noise, bytes.subarray(cut + noise.length)]);
      }
      const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
      if (isUtf16) return;
      const { figures, conversations } = await readText(bytes, { format });
      expect(figures.taken + figures.leftOut.reduce((sum, { rows }) => sum + rows, 0)).toBe(figures.read);
      for (const one of conversations) {
        expect(one.connections).toBe(one.hours.reduce((sum, [, count]) => sum + count, 0));
        expect(one.port >= 0 && one.port <= 65_535 && /^[0-9a-f.:]+$/.test(one.consumer + one.provider) && /^[a-z0-9.+-]+$/.test(one.protocol)).toBe(true);
        expect(one.firstSeenAtMs <= one.lastSeenAtMs && one.lastSeenAtMs <= TEST_NOW_MS + 86_400_000).toBe(true);
      }
    }),
    { numRuns: 300, seed: 6 },
  );
});
