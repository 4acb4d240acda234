import { createHash } from 'node:crypto';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runFirebreak } from '../cli/testing/run-firebreak.ts';
import { exportPolicy } from './bundle-export.ts';
import { aBundle } from './testing/a-bundle.ts';
import { type BundleDesk, expectInert, openBundleDesk } from './testing/bundle-desk.ts';
import { readExport } from './testing/read-export.ts';

let desk: BundleDesk;
beforeAll(async () => {
  desk = await openBundleDesk();
});
afterAll(() => desk.close());

const EVIL = [
  '=HYPERLINK("http://x")',
  '+cmd',
  '@SUM(1)',
  '<img src=x onerror=alert(1)>',
  '\u001b]8;;http://x\u0007x',
  '\u202egnp.exe',
  '"; flush ruleset; #',
  '$(id)`id`; rm -rf /',
  '../../etc',
  '\tx\r\n',
  'javascript:alert(1)',
  '-',
  '....',
];

test('hostile names in whole bundles are shown inert, wherever they are shown', async () => {
  const before = statSync(desk.at.path).ino;
  for (const [i, evil] of EVIL.entries()) {
    const path = join(desk.folder, `evil-${i}.tar.gz`);
    const listening = [{ protocol: 'tcp', address: '0.0.0.0', port: 80, process: evil, pid: 1, uid: 0, user: evil, unit: evil }];
    const files = { 'ruleset.nft': evil, 'conntrack.txt': `${evil}\n` };
    const manifest = { absences: [{ kind: evil.slice(0, 32), name: evil }] };
    writeFileSync(
      path,
      await aBundle({
        stick: i % 2 === 0 ? desk.stick : null,
        hostname: evil,
        machineId: createHash('md5').update(evil).digest('hex'),
        facts: { listening, addresses: [{ interface: evil, family: 4, address: `10.9.1.${i + 1}`, prefix: 24, scope: evil.slice(0, 32) }] },
        sessions: [
          { direction: 'in', local: `10.9.1.${i + 1}`, localPort: 80, peer: evil.slice(0, 45), peerPort: 1 },
          { direction: 'in', local: `10.9.1.${i + 1}`, localPort: 80, peer: '10.9.2.2', peerPort: 1 },
        ],
        files,
        manifest,
      }),
    );
    const answer = await runFirebreak(desk.at, ['bundle', 'import', path]);
    expect([answer.code, answer.err, answer.out]).toEqual([0, expect.anything(), expect.stringContaining('1 imported')]);
    expectInert(answer.out);
  }
  const names = (await desk.at.client.hosts.list({})).map(({ name }) => name);
  expect([names.length, names.every((name) => /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name))]).toEqual([EVIL.length, true]);
  for (const command of [
    ['bundle', 'list'],
    ['host', 'list'],
    ['host', 'show', names[0] ?? ''],
    ['flows', 'list'],
    ['flows', 'import', 'list'],
    ['audit', 'list'],
    ['--json', 'bundle', 'list'],
  ]) {
    const { code, out } = await runFirebreak(desk.at, command);
    expect(code).toBe(0);
    expectInert(out);
  }
  const { html } = await desk.at.client.reports.html({ kind: 'summary', sinceMs: null });
  expect(html).not.toContain('<img src=x');
  const { text } = await readExport(desk.at.client, { sinceMs: null, untilMs: null, verdict: null, from: null, to: null, text: null, limit: 5000, offset: 0 });
  expect(
    text
      .split('\r\n')
      .flatMap((line) => line.split(','))
      .filter((cell) => /^"?[=+@\t]/.test(cell)),
  ).toEqual([]);
  // What goes back to the site is made of safe names only.
  const { files } = exportPolicy(desk.at.backend, { hosts: names, note: '' });
  expect(files.filter(({ path }) => !/^policy\/[A-Za-z0-9][A-Za-z0-9._-]*\/(order|bundle\.nft|observe\.nft)$/.test(path) || path.includes('..'))).toEqual([]);
  expect(
    files
      .filter(({ path }) => path.endsWith('/order'))
      .filter(
        ({ text: order }) => !/^push=p_\w+\nhost=h_\w+\nname=[\w.-]+\nby=[\w.@-]+\nmachine=[\w.-]* [\w.-]*\nbundle=[0-9a-f]{64}\nversion=\d+\n$/.test(order),
      ),
  ).toEqual([]);
  expect(statSync(desk.at.path).ino).toBe(before);
});
