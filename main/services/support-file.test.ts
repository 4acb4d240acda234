import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runFirebreak } from '../cli/testing/run-firebreak.ts';
import { readLastLines } from '../log/read-log.ts';
import { addTestHost, makeBackend, type TestBackend } from './testing/test-backend.ts';

let at: TestBackend;
let dir = '';
beforeEach(async () => {
  at = makeBackend();
  dir = mkdtempSync(join(tmpdir(), 'firebreak-support-'));
  await addTestHost(at.client, 1, 'payroll-db', 'app=payroll');
});
afterEach(async () => {
  await at.close();
  rmSync(dir, { recursive: true, force: true });
});

describe('the log of the backend', () => {
  test('has our own defects with where they came from, and of what was refused the code alone', async () => {
    await expect(at.client.hosts.get({ name: 'payrol-db' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    at.backend.workspace.close();
    await expect(at.client.workspace.info({})).rejects.toMatchObject({ code: 'INTERNAL' });
    const entries = readLastLines(at.logDir, 10).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(entries).toEqual([
      expect.objectContaining({ event: 'refused', procedure: 'hosts.get', code: 'NOT_FOUND' }),
      expect.objectContaining({ event: 'failed', procedure: 'workspace.info', error: expect.stringMatching(/not open[\s\S]*at .*\.ts/) }),
    ]);
    expect(JSON.stringify(entries[0])).not.toContain('payrol-db');
  });
});

describe('the support file', () => {
  test('has versions, figures and the log, and no name, address or password of the site', async () => {
    at.backend.secrets.set(at.hostId('payroll-db'), { sshPassword: 'correct horse', sudoPassword: null });
    at.backend.log.write('failed', { procedure: 'hosts.trust' }, new Error('payroll-db at 10.0.0.1 refused correct horse; payroll'));
    const { text } = await at.client.workspace.support({});
    expect(text).toMatch(/^Firebreak support file\n\nMade 2026-11-21T12:00:00.000Z\. Read it before you send it/);
    expect(text).toMatch(/== Program ==\nfirebreak \d+\.\d+\.\d+, command line\n/);
    expect(text).toContain('== Hosts ==\n1 never asked, no agent\n');
    expect(text).toContain('host-1 at address-1 refused [removed]; label-1');
    for (const secret of ['payroll', '10.0.0.1', 'correct horse', at.path]) expect(text).not.toContain(secret);
  });

  test('says what it is for a workspace in which nothing is, and was never logged', async () => {
    const empty = makeBackend();
    const { text } = await empty.client.workspace.support({});
    expect(text).toContain('== Hosts ==\n(nothing)\n');
    expect(text).toContain('newest pushes: none');
    expect(text).toContain('== Log: the newest 0 lines ==\n(nothing)\n');
    await empty.close();
  });

  test('is shown on the command line, or written for its owner alone', async () => {
    expect((await runFirebreak(at, ['support'])).out).toContain('== Workspace ==');
    const out = join(dir, 'support.txt');
    const answer = await runFirebreak(at, ['support', '--out', out]);
    expect(answer).toMatchObject({ code: 0, out: expect.stringContaining('Read it before you send it') });
    expect(statSync(out).mode & 0o777).toBe(0o600);
    expect(readFileSync(out, 'utf8')).toContain('== Program ==');
  });
});
