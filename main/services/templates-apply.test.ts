import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { expectParsed } from '../../shared/policy/testing/builders.ts';
import { parseSelectorSet } from '../../shared/text/selector-text.ts';
import { readDraft } from './draft.ts';
import { readTemplateFolder } from './template-files.ts';
import { addTestHost, makeBackend, type TestBackend } from './testing/test-backend.ts';

let at: TestBackend;
beforeEach(async () => {
  at = makeBackend();
  for (const [n, role] of ['web', 'app', 'db'].entries()) await addTestHost(at.client, n + 1, `${role}-1`, `role=${role} app=shop`);
});
afterEach(() => at.close());

const web = { name: 'three-tier-web', values: {} };
const draft = async () => (await at.client.policy.get({})).policy;
const zone = () => at.client.policy.addZone({ name: 'shop', select: expectParsed(parseSelectorSet('app=shop')), outbound: 'open', note: '' });
const auditedActions = async () => (await at.client.audit.list({ limit: 50, beforeSeq: null })).map(({ action }) => action);

describe('applying a template', () => {
  test('adds its services, rules and tests with owner and ticket, and names the hosts of each end', async () => {
    await zone();
    const { ends, items } = await at.client.templates.apply({ ...web, owner: 'ada', ticket: 'NET-7' });
    expect(ends.map(({ parameter, hosts }) => [parameter, hosts])).toEqual([
      ['clients', null],
      ['web', ['web-1']],
      ['app', ['app-1']],
      ['db', ['db-1']],
      ['app-port', null],
      ['db-port', null],
    ]);
    expect(new Set(items.map(({ state }) => state))).toEqual(new Set(['new']));
    const { services, rules, tests } = await draft();
    expect([services.map(({ name }) => name), rules.map(({ owner, ticket }) => [owner, ticket]), tests.length]).toEqual([['web', 'web-app', 'web-db'], Array(3).fill(['ada', 'NET-7']), 5]);
    expect(await at.client.policy.test({})).toEqual({ ran: 5, broken: [] });
  });

  test('twice writes nothing the second time, neither draft nor audit log', async () => {
    await zone();
    await at.client.templates.apply(web);
    const before = [readDraft(at.backend).revision, await auditedActions()];
    const { items } = await at.client.templates.apply(web);
    expect(new Set(items.map(({ state }) => state))).toEqual(new Set(['there']));
    expect([readDraft(at.backend).revision, await auditedActions()]).toEqual(before);
  });

  test('as a preview changes nothing and says the same', async () => {
    await zone();
    const preview = await at.client.templates.preview(web);
    expect((await draft()).rules).toEqual([]);
    expect(await at.client.templates.apply(web)).toEqual(preview);
  });

  test('never leaves a test that would block every push: where no zone closes anything, it says why and adds it later', async () => {
    const { items } = await at.client.templates.apply(web);
    expect(items.filter(({ what, state }) => what === 'test' && state === 'left-out').map(({ text, note }) => `${text}: ${note}`)).toEqual([
      'role=web cannot reach role=db on web-db: it does not hold yet (web-1 (fd00::1) reaches db-1 (fd00::3) on tcp/5432 nothing blocks it (and 1 more of 2)); apply the template again when it does',
      expect.stringContaining('192.0.2.1, 2001:db8::1 cannot reach role=db on web-db'),
      expect.stringContaining('192.0.2.1, 2001:db8::1 cannot reach role=app on web-app'),
    ]);
    await zone();
    expect((await at.client.templates.apply(web)).items.filter(({ state }) => state === 'new').map(({ what }) => what)).toEqual(['test', 'test', 'test']);
  });

  test('keeps a service of the draft that has the same name and other ports, and says that the rules mean it', async () => {
    await at.client.policy.putService({ name: 'web-db', entries: [{ kind: 'ports', protocol: 'tcp', from: 3306, to: 3306 }], note: 'ours' });
    const { items } = await at.client.templates.apply(web);
    expect(items.find(({ state }) => state === 'differs')).toMatchObject({ what: 'service', note: 'the draft’s own web-db is tcp/3306; it stays, and the template’s rules mean it' });
    expect((await draft()).services.find(({ name }) => name === 'web-db')?.note).toBe('ours');
  });

  test('adds its zone last and in observe, and says who stays in the zones before it', async () => {
    await zone();
    const { items } = await at.client.templates.apply({ name: 'ransomware-ports', values: { admins: '10.9.0.0/24' } });
    expect(items.find(({ what }) => what === 'zone')?.note).toBe('in observe, with 0 hosts; 3 more that it selects stay in the zones before it');
    expect((await draft()).zones.map(({ name, mode }) => [name, mode])).toEqual([
      ['shop', 'observe'],
      ['ransomware-ports', 'observe'],
    ]);
  });

  test('with a parameter set to none leaves out what names it, and says so', async () => {
    const { items } = await at.client.templates.apply({ ...web, values: { clients: 'none' } });
    expect(items.filter(({ what, state }) => what === 'rule' && state === 'left-out')).toEqual([{ what: 'rule', text: 'allow $clients → $web on web', state: 'left-out', note: '$clients is none' }]);
    expect((await draft()).services.map(({ name }) => name)).toEqual(['web-app', 'web-db']);
  });
});

describe('what cannot be applied', () => {
  test('is refused with every wrong value under its parameter’s name, and nothing is added', async () => {
    const values = { web: 'role', db: 'iplist:gone', 'db-port': '5432', frontend: 'role=web' };
    await expect(at.client.templates.apply({ ...web, values })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      data: { issues: [{ path: 'frontend', message: 'template three-tier-web has no parameter “frontend”; it has clients, web, app, db, app-port, db-port' }, { path: 'web' }, { path: 'db-port', message: expect.stringContaining('write tcp/5432') }] },
    });
    await expect(at.client.templates.apply({ ...web, values: { db: 'iplist:gone' } })).rejects.toMatchObject({ code: 'INPUT_INVALID', data: { issues: [{ path: 'db' }] } });
    expect((await draft()).rules).toEqual([]);
  });

  test('names the templates that there are', async () => {
    await expect(at.client.templates.preview({ name: 'webb', values: {} })).rejects.toMatchObject({ code: 'NOT_FOUND', data: { what: 'template', known: expect.arrayContaining(['three-tier-web']) } });
  });

  test('a template file that is wrong is named with line and column', () => {
    const folder = mkdtempSync(join(tmpdir(), 'firebreak-templates-'));
    writeFileSync(join(folder, 'x.yaml'), 'firebreakTemplate: 1\nname: x\n');
    expect(() => readTemplateFolder(pathToFileURL(`${folder}/`))).toThrow(expect.objectContaining({ code: 'FILE_NOT_READABLE', payload: { path: join(folder, 'x.yaml'), detail: expect.stringContaining('line 1, column 1') } }));
    rmSync(folder, { recursive: true });
  });
});
