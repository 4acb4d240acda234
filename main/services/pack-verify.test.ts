import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { markAsSample } from '../db/sample-mark.ts';
import { printSigners, VERIFY_HASHES, VERIFY_SIGNATURE } from '../reports/pack/how-to-verify.ts';
import { preparePack, sealPack } from './pack-seal.ts';
import { verifyPack } from './pack-verify.ts';
import { publicKeyLine, signSsh } from './ssh-signature.ts';
import { fillEvidence, FORMULA_USER } from './testing/fill-evidence.ts';
import { makeBackend, TEST_NOW_MS, type TestBackend } from './testing/test-backend.ts';

const DAY_MS = 86_400_000;
const PDF = Buffer.from('%PDF-1.4 stands for what a browser printed\n');
const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');
let at: TestBackend;
let folder: string;
let whole: string;
let pack: string;

beforeAll(async () => {
  at = makeBackend();
  await fillEvidence(at, 2);
  folder = mkdtempSync(join(tmpdir(), 'firebreak-pack-'));
  whole = join(folder, 'whole');
  mkdirSync(whole);
  const prepared = preparePack(at.backend, { fromMs: TEST_NOW_MS - 2 * DAY_MS, untilMs: null });
  const sealed = sealPack(at.backend, { pack: prepared.pack, pdfSha256: sha256(PDF) });
  for (const { name, text } of [...prepared.files, ...sealed.files]) writeFileSync(join(whole, name), text);
  writeFileSync(join(whole, 'report.pdf'), PDF);
});
afterAll(async () => {
  await at.close();
  rmSync(folder, { recursive: true });
});
let copies = 0;
beforeEach(() => {
  copies += 1;
  pack = join(folder, `copy-${copies}`);
  cpSync(whole, pack, { recursive: true });
});

const read = (name: string) => readFileSync(join(pack, name), 'utf8');
const replace = (name: string, before: string | RegExp, after: string) => {
  const text = read(name);
  const changed = text.replace(before, after);
  expect(changed, `${name} has ${String(before)}`).not.toBe(text);
  writeFileSync(join(pack, name), changed);
};
/** As somebody would who wants the change to go unseen: the hash in the manifest is made to fit. */
const mendHash = (name: string) => replace('manifest.json', new RegExp(`"${name}": "[0-9a-f]{64}"`), `"${name}": "${sha256(readFileSync(join(pack, name)))}"`);
/** And signed again, by a key of their own that they put into the pack. */
function signAgain(): void {
  const { privateKey } = generateKeyPairSync('ed25519');
  const line = publicKeyLine(privateKey);
  writeFileSync(join(pack, 'manifest.json.sig'), signSsh(privateKey, 'firebreak-evidence', read('manifest.json')));
  writeFileSync(join(pack, 'signer.pub'), `${line}\n`);
  writeFileSync(join(pack, 'allowed_signers'), printSigners(line));
}
const problems = async (key: string | null = null) => (await verifyPack(pack, key)).problems.map(({ where, message }) => `${where}: ${message}`);

describe('a pack as it was made', () => {
  test('fits, by its own key and by the one that was got by another way', async () => {
    expect(await verifyPack(pack, null)).toMatchObject({ ok: true, problems: [], isKeyTrusted: false, isSample: false, madeBy: 'ada', files: 36, figures: 43 });
    expect(await verifyPack(pack, join(whole, 'signer.pub'))).toMatchObject({ ok: true, isKeyTrusted: true });
  });

  test('fits by ssh-keygen and sha256sum alone, with the commands of VERIFY.txt', () => {
    for (const command of [VERIFY_SIGNATURE, VERIFY_HASHES]) expect(read('VERIFY.txt')).toContain(command);
    expect(execFileSync('sh', ['-ec', VERIFY_SIGNATURE], { cwd: pack, encoding: 'utf8' })).toMatch(/^Good "firebreak-evidence" signature/);
    const hashes = execFileSync('sh', ['-ec', VERIFY_HASHES], { cwd: pack, encoding: 'utf8' });
    expect(hashes.match(/: OK$/gm)).toHaveLength(32);
    replace('verdicts.csv', 'blocked', 'Blocked');
    expect(spawnSync('sh', ['-ec', VERIFY_HASHES], { cwd: pack, encoding: 'utf8' })).toMatchObject({ status: 1, stdout: expect.stringContaining('verdicts.csv: FAILED') });
    replace('manifest.json', '"madeBy": "ada"', '"madeBy": "eve"');
    expect(spawnSync('sh', ['-ec', VERIFY_SIGNATURE], { cwd: pack }).status).not.toBe(0);
  });

  test('is made twice the same from the same workspace', () => {
    const order = { fromMs: TEST_NOW_MS - 2 * DAY_MS, untilMs: null };
    expect(preparePack(at.backend, order)).toEqual(preparePack(at.backend, order));
  });

  test('says of the host that was tampered with that it was not enforced throughout, when and why', () => {
    expect(read('zone_enforcement.csv')).toBe('zone,wanted_mode,hosts,hosts_throughout,gaps\r\ndata,enforce,2,1,1\r\n');
    expect(read('enforcement_gaps.csv').split('\r\n').slice(1)).toEqual(['db-2,data,2026-11-20T11:55:00.000Z,2026-11-20T13:00:00.000Z,3900,its rules were changed on the host', '']);
  });

  test('says what hosts tried, what both ends saw, and what follows', () => {
    expect(read('reach_conclusions.csv').split('\r\n').slice(1, -1)).toEqual([
      '1,nas,10.0.9.9,db-1,10.0.0.1,5432,allow,allowed,db-1 let it in and took the connection',
      '1,nas,10.0.9.9,db-1,10.0.0.1,22,deny,blocked,refused by db-1 on its way in',
      '1,db-1,fd00::1,db-2,fd00::2,22,deny,contradicts,db-2 let it in; only nothing listens there',
      `1,nas,10.0.9.9,db-1,10.0.0.1,80,deny,not-proven,no answer came; db-1 did not witness: '=cmd|away`,
    ]);
    expect(read('reach_zones.csv')).toBe('from_zone,to_zone,tries,allowed,blocked,contradicts,not_proven\r\n,data,3,1,1,0,1\r\ndata,data,1,0,0,1,0\r\n');
  });

  test('has no cell that a spreadsheet runs, and says what it says in the log of the workspace', async () => {
    expect(read('refused_flows.csv')).toContain(`,"'${FORMULA_USER.replaceAll('"', '""')}",`);
    const [entry] = await at.client.audit.list({ limit: 1, beforeSeq: null });
    expect(entry).toMatchObject({ action: 'reports.pack', detail: expect.stringContaining(sha256(read('manifest.json'))) });
  });
});

describe('a pack that was altered', () => {
  test('in what a kernel saw: the conclusion and the figures that follow are named, however well the hashes were mended', async () => {
    replace('reach_tries.csv', ',refused,yes,yes,yes,yes,', ',refused,yes,yes,yes,no,');
    mendHash('reach_tries.csv');
    signAgain();
    expect(await problems()).toEqual([
      'reach_conclusions.csv: line 4, column conclusion: it holds “contradicts”, and the other tables give “blocked”',
      'reach_conclusions.csv: line 4, column cause: it holds “db-2 let it in; only nothing listens there”, and the other tables give “refused by db-2 on its way in”',
      'reach_zones.csv: line 3, column blocked: it holds “0”, and the other tables give “1”',
      'reach_zones.csv: line 3, column contradicts: it holds “1”, and the other tables give “0”',
      'figure reachBlocked: the manifest says 1 connections, and reachBlocked gives 2 from the tables',
      'figure reachContradictions: the manifest says 1 connections, and reachContradictions gives 0 from the tables',
      'manifest.json: its “limits” are not what the tables give',
    ]);
  });

  test.each([['yes', 'YES'], ['python3', 'refused,yes']])('by words that a kernel never says (%s → %s): found, and nothing follows from them', async (before, after) => {
    replace('reach_tries.csv', before, after);
    mendHash('reach_tries.csv');
    signAgain();
    expect((await problems()).join()).toMatch(/reach_(tries|conclusions)\.csv: line 2/);
  });

  test('by one byte of the PDF: the file is named', async () => {
    replace('report.pdf', 'browser', 'Browser');
    expect(await problems()).toEqual([expect.stringMatching(/^report\.pdf: it was changed: its sha256 is [0-9a-f]{64}/)]);
  });

  test('by one cell of a table: the file is named, and every figure that does not follow any more', async () => {
    replace('refused_flows.csv', 'blocked,1,4,', 'blocked,1,5,');
    expect(await problems()).toEqual([
      expect.stringMatching(/^refused_flows\.csv: it was changed/),
      'refused_flows.csv: db-2 · data · blocked: its connections are not those of verdicts.csv (a difference of -1)',
      'figure connectionsBlocked: the manifest says 8 connections, and connectionsBlocked gives 9 from the tables',
    ]);
  });

  test('by one cell of what is drawn: the sum that does not follow any more is named', async () => {
    replace('traffic.csv', /blocked,0,\d+/, 'blocked,0,1');
    replace('traffic_days.csv', 'would-block,2', 'would-block,1');
    expect(await problems()).toEqual([
      expect.stringMatching(/^traffic\.csv: it was changed/),
      expect.stringMatching(/^traffic_days\.csv: it was changed/),
      'traffic_days.csv: would-block: it has 1 connections, and verdicts.csv has 2',
      'traffic.csv: blocked: it has 1 connections, and verdicts.csv has 8',
    ]);
  });

  test('by one cell, with its hash made to fit and signed with another key: the cell that was computed from it is named, and the key', async () => {
    replace('integrity.csv', ',tampered,rules,', ',applied,rules,');
    mendHash('integrity.csv');
    signAgain();
    const found = await problems();
    expect(found).toContain('zone_enforcement.csv: line 2, column hosts_throughout: it holds “1”, and the other tables give “2”');
    expect(found).toContain('enforcement.csv: line 3, column enforced_throughout: it holds “no”, and the other tables give “yes”');
    expect(found).toContain('figure tamperings: the manifest says 1 events, and tamperings gives 0 from the tables');
    expect(await problems(join(whole, 'signer.pub'))).toEqual(expect.arrayContaining([expect.stringMatching(/^signer\.pub: its key is SHA256:/), expect.stringMatching(/^manifest\.json\.sig: it is no signature of the trusted key/)]));
  });

  test('by one figure of the manifest: the signature does not hold, and the figure is named', async () => {
    replace('manifest.json', /("title": "Connections blocked",\s+"unit": "connections",\s+"value": )8/, '$10');
    const figure = 'figure connectionsBlocked: the manifest says 0 connections, and connectionsBlocked gives 8 from the tables';
    expect(await problems()).toEqual(['manifest.json.sig: it is no signature of the key in signer.pub over manifest.json', figure]);
    signAgain();
    expect(await problems()).toEqual([figure]);
  });

  test.each([
    ['a limit', '"limits": [', '"limits": [\n    "none",', 'manifest.json: its “limits” are not what the tables give'],
    ['a loss', '"packetsLost": 6', '"packetsLost": 0', 'manifest.json: its “losses” are not what the tables give'],
    ['an agent’s version', '"0.1.0": 2', '"0.1.0": 3', 'manifest.json: its “agentVersions” are not what the tables give'],
    ['the period', '"until": "2026-11-21T12:00:00.000Z"', '"until": "2026-11-21T13:00:00.000Z"', 'zone_enforcement.csv: line 2, column hosts_throughout: it holds “1”, and the other tables give “0”'],
  ])('by %s of the manifest, signed anew: it is named', async (_what, before, after, problem) => {
    replace('manifest.json', before, after);
    signAgain();
    expect(await problems()).toContain(problem);
  });

  test('by a cell that Firebreak would not write: file, line and column are named', async () => {
    replace('waivers.csv', '<b>audit', '=audit');
    mendHash('waivers.csv');
    replace('verdicts.csv', ',20\r\n', ',020\r\n');
    mendHash('verdicts.csv');
    signAgain();
    expect(await problems()).toEqual([expect.stringMatching(/^verdicts\.csv: line \d, column connections: no whole number$/), 'waivers.csv: line 2, column reason: not text as Firebreak writes it']);
  });
});

describe('a folder that is hostile', () => {
  test('with a file too many, one missing and one that is empty: each is named', async () => {
    writeFileSync(join(pack, 'run-me.sh'), '');
    rmSync(join(pack, 'rules.csv'));
    truncateSync(join(pack, 'hosts.csv'));
    expect(await problems()).toEqual(['run-me.sh: it does not belong to a pack', 'rules.csv: it is missing', expect.stringMatching(/^hosts\.csv: it was changed/)]);
  });

  test('with a link, a folder or a pipe in place of a file: refused, and not opened', async () => {
    for (const [name, make] of [
      ['hosts.csv', (path: string) => symlinkSync('/etc/passwd', path)],
      ['zones.csv', (path: string) => mkdirSync(path)],
      ['rules.csv', (path: string) => execFileSync('mkfifo', [path])],
    ] as const) {
      rmSync(join(pack, name));
      make(join(pack, name));
    }
    const refused = 'it is no regular file (links, folders and devices are refused)';
    expect(await problems()).toEqual([`hosts.csv: ${refused}`, `zones.csv: ${refused}`, `rules.csv: ${refused}`]);
  });

  test('with files of ten gigabytes that hold nothing: refused before they are read', async () => {
    for (const name of ['hosts.csv', 'manifest.json', 'report.pdf']) truncateSync(join(pack, name), 10 * 1024 ** 3);
    expect(await problems()).toEqual(['report.pdf: it is larger than 128 MiB, which no such file of a pack is', 'hosts.csv: it is larger than 128 MiB, which no such file of a pack is', 'manifest.json: it is larger than 4 MiB, which no such file of a pack is']);
  });

  test.each([['nothing', ''], ['no JSON', 'not JSON'], ['a list', '[]'], ['of another format', '{"format":"firebreak-evidence/2"}'], ['nested a hundred thousand times', '['.repeat(100_000)]])('with a manifest that is %s: refused, and nothing else fails', async (_what, text) => {
    writeFileSync(join(pack, 'manifest.json'), text);
    expect(await problems()).toContainEqual(expect.stringMatching(/^manifest\.json: /));
  });

  test.each(['', 'ssh-ed25519 AAAA', 'ssh-rsa AAAAB3NzaC1yc2E='])('with the key %j: refused', async (key) => {
    writeFileSync(join(pack, 'signer.pub'), key);
    expect(await problems()).toEqual(['signer.pub: it holds no Ed25519 key']);
  });

  test('that is not there, or a key file that holds no key: a clear failure', async () => {
    await expect(verifyPack(join(folder, 'nowhere'), null)).rejects.toMatchObject({ code: 'FILE_NOT_READABLE' });
    await expect(verifyPack(pack, join(pack, 'hosts.csv'))).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});

describe('a period', () => {
  test('is of whole hours that have ended, and no longer than hours are kept', () => {
    const of = (fromMs: number | null, untilMs: number | null) => {
      const { fromMs: from, untilMs: until } = preparePack(at.backend, { fromMs, untilMs });
      return [TEST_NOW_MS - from, TEST_NOW_MS - until].map((ms) => ms / 3_600_000);
    };
    expect(of(null, null)).toEqual([720, 0]);
    expect(of(TEST_NOW_MS - 5_000_000, TEST_NOW_MS + DAY_MS)).toEqual([2, 0]);
    expect(() => of(TEST_NOW_MS, null)).toThrow('INPUT_INVALID');
    expect(() => of(TEST_NOW_MS - 101 * DAY_MS, null)).toThrow('INPUT_INVALID');
  });

  test('of the generated sample is said to be no evidence, in the report and in the manifest', async () => {
    const sample = makeBackend();
    try {
      sample.backend.workspace.transaction((tx) => markAsSample(tx, TEST_NOW_MS));
      const { html, pack: name } = preparePack(sample.backend, { fromMs: null, untilMs: null });
      expect(html).toContain('Sample: made-up hosts and flows.');
      const { files } = sealPack(sample.backend, { pack: name, pdfSha256: sha256(PDF) });
      expect(files.find(({ name: file }) => file === 'manifest.json')?.text).toContain('"isSample": true');
    } finally {
      await sample.close();
    }
  });

  test('of a pack that another was prepared after cannot be sealed', () => {
    const first = preparePack(at.backend, { fromMs: null, untilMs: null });
    preparePack(at.backend, { fromMs: TEST_NOW_MS - DAY_MS, untilMs: null });
    expect(() => sealPack(at.backend, { pack: first.pack, pdfSha256: sha256(PDF) })).toThrow('NOT_FOUND');
  });
});
