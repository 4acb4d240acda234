import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listFolder } from '../imports/bundle/find-bundles.ts';
import { aBundle, bundleEntries, packTar, type TestStick } from './testing/a-bundle.ts';
import { type BundleDesk, expectRefused, openBundleDesk } from './testing/bundle-desk.ts';
import { END_OF_TAR, paxRecord, rawEntry, type RawHeader } from './testing/raw-tar.ts';

const MIB = 1_048_576;
const GIB_10 = 10 * 1024 * MIB;

let desk: BundleDesk;
let stick: TestStick;
beforeAll(async () => {
  desk = await openBundleDesk();
  stick = desk.stick;
});
afterAll(() => desk.close());

/** A whole good bundle with one more thing in its archive, in front of it or behind it. */
const withRaw = async (extra: Buffer, where: 'before' | 'behind' = 'before'): Promise<Buffer> => {
  const good = await packTar(bundleEntries({ stick }));
  return gzipSync(where === 'before' ? Buffer.concat([extra, good]) : Buffer.concat([good.subarray(0, good.length - END_OF_TAR.length), extra, END_OF_TAR]));
};
const raw = (header: RawHeader, content?: Buffer) => () => withRaw(rawEntry(header, content));
/** A header of the kind, with the content, before a file of a whole good bundle, in whose place the header may put another name. */
const renamed = (type: string, content: Buffer) => async () => {
  const entries = bundleEntries({ stick });
  const facts = entries.findIndex(({ name }) => name === 'facts.json');
  const [before, behind] = await Promise.all([packTar(entries.slice(0, facts)), packTar(entries.slice(facts))]);
  return gzipSync(Buffer.concat([before.subarray(0, before.length - END_OF_TAR.length), rawEntry({ name: 'x', type }, content), behind]));
};
/** One member of 1 KB is 1 MiB of zeros; members stand one behind the other. */
const zeros = (bytes: number) => Buffer.concat(Array<Buffer>(Math.ceil(bytes / MIB)).fill(gzipSync(Buffer.alloc(MIB))));
const base256 = (first: number, value: bigint) => {
  const field = Buffer.alloc(12);
  field.writeBigUInt64BE(value, 4);
  field[0] = first;
  return field;
};

const CORPUS: readonly [what: string, make: () => Promise<Buffer> | Buffer, sentence: RegExp][] = [
  ['an empty file', () => Buffer.alloc(0), /it is no gzip file/],
  ['text', () => Buffer.from('#!/bin/sh\nrm -rf /\n'), /it is no gzip file/],
  ['a zip file', () => Buffer.from('PK\u0003\u0004'), /it is no gzip file/],
  ['a gzip of nothing', () => gzipSync(''), /the archive in it is empty/],
  ['a gzip that is cut off', async () => (await aBundle({ stick })).subarray(0, 300), /its compression is damaged or cut off/],
  [
    'a gzip with a wrong checksum',
    async () => {
      const bytes = await aBundle({ stick });
      bytes.writeUInt32LE(1, bytes.length - 8);
      return bytes;
    },
    /its compression is damaged/,
  ],
  ['10 GB of zeros in 10 MB', () => zeros(GIB_10), /it unpacks to more than 64 MiB/],
  ['a gzip in a gzip in a gzip', () => gzipSync(gzipSync(gzipSync(Buffer.alloc(32 * MIB)))), /the archive in it is damaged/],
  ['a packed file beyond every bundle', () => Buffer.alloc(33 * MIB, 0x1f), /it is larger than 32 MiB/],
  ['an entry that is said to have 10 GB', raw({ sizeField: base256(0x80, BigInt(GIB_10)) }), /is said to have 10737418240 bytes/],
  [
    'an entry that is said to have less than nothing',
    raw({ sizeField: Buffer.concat([Buffer.alloc(10, 0xff), Buffer.from([0x0f, 0x18])]) }),
    /the archive in it is damaged or cut off/,
  ],
  ['a size that is no number', raw({ sizeField: Buffer.from('9z9z9z9z9z9 ') }), /damaged or cut off/],
  [
    '130,000 entries of one name',
    () => gzipSync(Buffer.concat([...Array<Buffer>(130_000).fill(rawEntry({ name: 'facts.json' })), END_OF_TAR])),
    /“facts\.json” is in it twice/,
  ],
  [
    '130,000 entries of many names',
    () => gzipSync(Buffer.concat([...Array.from({ length: 130_000 }, (_, i) => rawEntry({ name: `f${i}` })), END_OF_TAR])),
    /“f0” in it is no file of a bundle/,
  ],
  ['a path that leads up', raw({ name: '../../../../tmp/airgap-escaped' }), /“\.\.\/\.\.\/\.\.\/\.\.\/tmp\/airgap-escaped” in it is no file of a bundle/],
  ['an absolute path', raw({ name: '/tmp/airgap-escaped' }), /“\/tmp\/airgap-escaped” in it is no file of a bundle/],
  ['a path that leads up from a good name', raw({ name: 'manifest.json/../../airgap-escaped' }), /no file of a bundle/],
  ['a good name with a dot before it', raw({ name: './facts.json' }), /no file of a bundle/],
  ['a path of Windows', raw({ name: '..\\..\\airgap-escaped' }), /no file of a bundle/],
  ['a device name of Windows', raw({ name: 'CON' }), /no file of a bundle/],
  ['a name that differs in case', raw({ name: 'FACTS.JSON' }), /no file of a bundle/],
  ['a name with a zero byte', raw({ name: 'facts.json\0/../x' }), /“facts\.json” is in it twice/],
  ['a name that is ANSI, HTML and a formula', raw({ name: '=cmd|\u001b[31m<img src=x onerror=alert(1)>\u202e' }), /“=cmd\|\\x1b\[31m<img/],
  ['a symbolic link', raw({ name: 'facts.json', type: '2', linkname: '/etc/shadow' }), /is a symlink, and bundles have plain files only/],
  ['a hard link', raw({ name: 'facts.json', type: '1', linkname: '/etc/shadow' }), /is a link, and/],
  ['a character device', raw({ name: 'facts.json', type: '3' }), /is a character-device/],
  ['a block device', raw({ name: 'facts.json', type: '4' }), /is a block-device/],
  ['a pipe', raw({ name: 'facts.json', type: '6' }), /is a fifo/],
  ['a folder', raw({ name: 'facts.json', type: '5' }), /is a directory/],
  ['a sparse file', raw({ name: 'facts.json', type: 'S', size: 0 }), /a thing of an unknown kind/],
  ['a file of a former time', raw({ name: 'facts.json', type: '7' }), /is a contiguous-file/],
  [
    'a pax header with another path',
    () => withRaw(Buffer.concat([rawEntry({ name: 'x', type: 'x' }, paxRecord('path', '../airgap-escaped')), rawEntry({ name: 'facts.json' })])),
    /“\.\.\/airgap-escaped” in it has an extended header/,
  ],
  [
    'a pax header with a size of 10 GB',
    () => withRaw(Buffer.concat([rawEntry({ name: 'x', type: 'x' }, paxRecord('size', String(GIB_10))), rawEntry({ name: 'facts.json' })])),
    /extended header/,
  ],
  ['a pax header of 20 MB', raw({ name: 'x', type: 'x' }, Buffer.alloc(20 * MIB, 0x41)), /damaged or cut off/],
  [
    'a GNU long name that leads up',
    () =>
      withRaw(
        Buffer.concat([rawEntry({ name: '././@LongLink', type: 'L' }, Buffer.from(`${'../'.repeat(60)}airgap-escaped\0`)), rawEntry({ name: 'facts.json' })]),
      ),
    /in it has an extended header/,
  ],
  ['a GNU long name that is a good one, before another', renamed('L', Buffer.from('facts.json\0')), /“facts\.json” in it has an extended header/],
  ['a GNU long link name', renamed('K', Buffer.from('/etc/shadow\0')), /“facts\.json” in it has an extended header/],
  ['a pax header for all files', renamed('g', paxRecord('comment', 'harmless')), /“facts\.json” in it has an extended header/],
  ['a pax header for all files, with another path', renamed('g', paxRecord('path', 'facts.json')), /“facts\.json” in it has an extended header/],
  ['a pax header with nothing in it', renamed('x', Buffer.alloc(0)), /“facts\.json” in it has an extended header/],
  ['a GNU long name with nothing in it', renamed('L', Buffer.alloc(0)), /“facts\.json” in it has an extended header/],
  ['a pax header for all files behind the last', async () => withRaw(rawEntry({ name: 'x', type: 'g' }, paxRecord('path', 'facts.json')), 'behind'), /something is left behind the last file/],
  ['a GNU long name behind the last', async () => withRaw(rawEntry({ name: 'x', type: 'L' }, Buffer.from('facts.json\0')), 'behind'), /something is left behind the last file/],
  ['a second file of one name behind it', async () => withRaw(rawEntry({ name: 'facts.json' }, Buffer.from('{}')), 'behind'), /“facts\.json” is in it twice/],
  [
    'a second archive behind its end',
    async () => gzipSync(Buffer.concat([await packTar(bundleEntries({ stick })), await packTar(bundleEntries({ stick }))])),
    /“manifest\.json” is in it twice/,
  ],
  [
    'an archive that ends within a file',
    async () => gzipSync((await packTar(bundleEntries({ stick }))).subarray(0, 700)),
    /the archive in it is damaged or cut off/,
  ],
  ['a header with a wrong sum', raw({ badChecksum: true }), /damaged/],
  ['a header of no known format', raw({ magic: 'nonsense' }), /damaged/],
];

test.each(CORPUS)('%s is refused with a sentence, and changes nothing', async (_what, make, sentence) => expectRefused(desk, await make(), sentence));

test('a link that takes the place of a folder after it was seen to be one is not followed', async () => {
  const [dir, link] = [join(desk.folder, 'swapped'), join(desk.folder, 'swapped-link')];
  mkdirSync(dir);
  writeFileSync(join(dir, 'one.tar.gz'), '');
  symlinkSync(dir, link);
  const namesIn = async (folder: string) => {
    const names: string[] = [];
    for await (const { name } of listFolder(folder)) names.push(name);
    return names;
  };
  expect(await namesIn(dir)).toEqual(['one.tar.gz']);
  await expect(namesIn(link)).rejects.toThrow(/ELOOP|ENOTDIR|no folder/);
});

test('what lies in a folder beside bundles is not followed, not opened and not waited for', async () => {
  const dir = join(desk.folder, 'odd');
  mkdirSync(join(dir, 'a/b/c/d'), { recursive: true });
  symlinkSync('/etc/passwd', join(dir, 'link.tar.gz'));
  symlinkSync('/', join(dir, 'root'));
  symlinkSync(dir, join(dir, 'loop'));
  execFileSync('mkfifo', [join(dir, 'pipe.tar.gz')]);
  writeFileSync(join(dir, 'a/b/c/d/deep.tar.gz'), await aBundle({ stick }));
  const outcomes = await desk.importAll(dir);
  expect(outcomes.map((one) => (one.outcome === 'refused' ? [one.file.slice(dir.length), one.reason] : one)).toSorted()).toEqual([
    ['/a/b/c/d', 'it lies deeper than 3 folders'],
    ['/link.tar.gz', 'it is no ordinary file (links, pipes and devices are refused)'],
    ['/pipe.tar.gz', 'it is no ordinary file (links, pipes and devices are refused)'],
  ]);
  for (const path of ['link.tar.gz', 'pipe.tar.gz'])
    expect(await desk.importAll(join(dir, path))).toMatchObject([{ outcome: 'refused', reason: expect.stringMatching(/no ordinary file/) }]);
  expect(await desk.importAll(join(dir, '\u001b[31mgone.tar.gz'))).toEqual([
    { outcome: 'refused', file: `${dir}/\\x1b[31mgone.tar.gz`, reason: expect.stringMatching(/^it cannot be read \(ENOENT[^\u001b]*gone\.tar\.gz'\)$/) },
  ]);
  expect(await desk.importAll('/dev/zero')).toMatchObject([{ outcome: 'refused', reason: expect.stringMatching(/no ordinary file/) }]);
});
