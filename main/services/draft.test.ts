import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Cidr } from '../../shared/model/peer.ts';
import type { Rule } from '../../shared/model/policy.ts';
import type { SelectorSet } from '../../shared/model/selector.ts';
import { aRule, expectParsed } from '../../shared/policy/testing/builders.ts';
import { parseSelectorSet } from '../../shared/text/selector-text.ts';
import { loadDraft, saveDraft } from '../db/draft-store.ts';
import { openWorkspace } from '../db/open-workspace.ts';
import { ensureVersion } from './versions.ts';
import { readDraft } from './draft.ts';
import { addTestHost, makeBackend, type TestBackend } from './testing/test-backend.ts';

let at: TestBackend;
beforeEach(async () => {
  at = makeBackend();
  await addTestHost(at.client, 1, 'web-1', 'role=web app=shop');
  await addTestHost(at.client, 2, 'db-1', 'role=db app=shop');
});
afterEach(() => at.close());

const select = (text: string): SelectorSet => expectParsed(parseSelectorSet(text));
const addZone = (name: string, selector: string) => at.client.policy.addZone({ name, select: select(selector), outbound: 'open', note: '' });
const newRule = (input: Parameters<typeof aRule>[0] = {}): Omit<Rule, 'id'> => {
  const { id: _id, ...rule } = aRule(input);
  return rule;
};
const addRule = (input: Parameters<typeof aRule>[0] = {}) => at.client.policy.addRules({ rules: [newRule(input)] });
/** Typed as a window would send it: branded by the schema, read by nobody yet. */
const cidrs = (...texts: string[]) => texts.map((text) => Cidr.parse(text));
const draft = async () => (await at.client.policy.get({})).policy;

describe('zones', () => {
  test('a new zone observes and comes last; overlaps are shown in order', async () => {
    await addZone('front', 'role=web');
    await addZone('shop', 'app=shop');
    const view = await at.client.policy.get({});
    expect(view.policy.zones.map((z) => [z.name, z.mode])).toEqual([
      ['front', 'observe'],
      ['shop', 'observe'],
    ]);
    expect(view.overlaps).toEqual([{ host: 'web-1', zones: ['front', 'shop'] }]);
  });

  test('a name is taken once', async () => {
    await addZone('front', 'role=web');
    await expect(addZone('front', 'role=db')).rejects.toMatchObject({ code: 'NAME_TAKEN' });
  });

  test('an order must name every zone once', async () => {
    await addZone('a', 'role=web');
    await addZone('b', 'role=db');
    await expect(at.client.policy.orderZones({ names: ['b'] })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(at.client.policy.orderZones({ names: ['b', 'b'] })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await at.client.policy.orderZones({ names: ['b', 'a'] });
    expect((await draft()).zones.map((z) => z.name)).toEqual(['b', 'a']);
  });

  test('the only services of a zone stay when an edit does not name them, must be there, and keep theirs from being removed', async () => {
    await at.client.policy.putService({ name: 'admin', entries: [{ kind: 'ports', protocol: 'tcp', from: 22, to: 22 }], note: '' });
    const admin = [{ kind: 'named' as const, name: 'admin' }];
    const zone = { name: 'front', select: select('role=web'), outbound: 'open' as const, note: '' };
    await expect(at.client.policy.addZone({ ...zone, onlyServices: [{ kind: 'named', name: 'gone' }] })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await at.client.policy.addZone({ ...zone, onlyServices: admin });
    expect((await at.client.policy.updateZone({ ...zone, note: 'edited' })).onlyServices).toEqual(admin);
    await expect(at.client.policy.removeService({ name: 'admin' })).rejects.toMatchObject({ code: 'STILL_USED', data: { usedBy: ['zone front'] } });
    expect((await at.client.policy.updateZone({ ...zone, onlyServices: null })).onlyServices).toBeNull();
  });

  test('a zone that rules name cannot be removed', async () => {
    await addZone('front', 'role=web');
    const [rule] = await addRule({ from: 'zone:front' });
    await expect(at.client.policy.removeZone({ name: 'front' })).rejects.toMatchObject({ code: 'STILL_USED', data: { usedBy: [`rule ${rule?.id}`] } });
    await expect(at.client.policy.removeZone({ name: 'back' })).rejects.toMatchObject({ code: 'NOT_FOUND', data: { known: ['front'] } });
  });

  test('enforce without evidence is refused with every blocker, and each can be waived with a reason', async () => {
    await addZone('front', 'role=web');
    const mode = { name: 'front', mode: 'enforce' as const };
    const blockers = (await at.client.policy.readiness(mode)).filter((c) => c.state === 'blocker').map((c) => c.check);
    expect(blockers).not.toEqual([]);
    await expect(at.client.policy.setZoneMode({ ...mode, waivers: [] })).rejects.toMatchObject({
      code: 'GATE_CLOSED',
      data: { reasons: blockers.map((check) => expect.stringContaining(check)) },
    });
    expect((await draft()).zones[0]?.mode).toBe('observe');
    const zone = await at.client.policy.setZoneMode({ ...mode, waivers: blockers.map((check) => ({ check, reason: 'a lab' })) });
    expect(zone.mode).toBe('enforce');
    expect((await at.client.audit.list({ limit: 1, beforeSeq: null }))[0]?.detail).toContain('(a lab)');
  });
});

describe('rules', () => {
  test('keep canonical networks', async () => {
    const [rule] = await addRule({ from: 'FD00:0::/32, 10.0.0.0/8' });
    expect(rule?.from).toEqual({ kind: 'cidr', cidrs: ['fd00::/32', '10.0.0.0/8'] });
  });

  test('that name what is not there are refused with every issue, and none is added', async () => {
    const wrong = newRule({ from: 'zone:nowhere', to: 'host:nobody', services: 'tcp/80', reviewOn: '2026-02-31' });
    await expect(at.client.policy.addRules({ rules: [newRule(), { ...wrong, services: [{ kind: 'named', name: 'http' }] }] })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      data: { issues: [{ path: 'rules.1.from' }, { path: 'rules.1.to' }, { path: 'rules.1.services.0' }, { path: 'rules.1.reviewOn' }] },
    });
    expect((await draft()).rules).toEqual([]);
  });

  test('are changed and removed by id', async () => {
    const [rule] = await addRule();
    if (rule === undefined) throw new Error('no rule was added');
    await at.client.policy.updateRule({ ...rule, action: 'deny' });
    expect((await draft()).rules.map((r) => r.action)).toEqual(['deny']);
    await at.client.policy.removeRule({ id: rule.id });
    expect((await draft()).rules).toEqual([]);
    await expect(at.client.policy.removeRule({ id: rule.id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('naming a host keep it from being removed', async () => {
    const [rule] = await addRule({ to: 'host:db-1' });
    await expect(at.client.hosts.remove({ name: 'db-1', force: true })).rejects.toMatchObject({ code: 'STILL_USED', data: { usedBy: [`rule ${rule?.id}`] } });
  });
});

describe('services and IP lists', () => {
  test('in use cannot be removed', async () => {
    await at.client.policy.putService({ name: 'db', entries: [{ kind: 'ports', protocol: 'tcp', from: 5432, to: 5432 }], note: '' });
    await at.client.policy.putIpList({ name: 'office', cidrs: cidrs('10.30.0.0/16'), except: [], note: '' });
    await addRule({ from: 'iplist:office', services: 'db' });
    await expect(at.client.policy.removeService({ name: 'db' })).rejects.toMatchObject({ code: 'STILL_USED' });
    await expect(at.client.policy.removeIpList({ name: 'office' })).rejects.toMatchObject({ code: 'STILL_USED' });
  });

  test('a list reports every network that is none', async () => {
    await expect(at.client.policy.putIpList({ name: 'office', cidrs: cidrs('10.0.0.5/8', '10.0.0.0/33'), except: cidrs('x'), note: '' })).rejects.toMatchObject(
      {
        code: 'INPUT_INVALID',
        data: { issues: [{ path: 'cidrs.0' }, { path: 'cidrs.1' }, { path: 'except.0' }] },
      },
    );
  });

  test('a second list of the same name takes the place of the first', async () => {
    for (const cidr of ['10.1.0.0/16', '10.2.0.0/16']) await at.client.policy.putIpList({ name: 'office', cidrs: cidrs(cidr), except: [], note: '' });
    expect((await draft()).ipLists.map((l) => l.cidrs)).toEqual([['10.2.0.0/16']]);
  });
});

describe('the whole draft', () => {
  test('goes out as YAML and comes back the same, byte for byte', async () => {
    await addZone('front', 'role=web');
    await addRule({ to: 'zone:front', reason: 'a: "quoted"\nreason' });
    const { text } = await at.client.policy.exportText({});
    expect(await at.client.policy.importText({ text, dryRun: true })).toEqual({ zones: 1, rules: 1, how: 'replaced', changes: [] });
    const before = readDraft(at.backend).revision;
    await at.client.policy.importText({ text, dryRun: false });
    expect([(await at.client.policy.exportText({})).text, readDraft(at.backend).revision]).toEqual([text, before + 1]);
  });

  test('text that is wrong changes nothing and says where', async () => {
    await addZone('front', 'role=web');
    await expect(at.client.policy.importText({ text: 'zones: [', dryRun: false })).rejects.toMatchObject({
      code: 'POLICY_FILE_INVALID',
      data: { issues: [{ line: 1, column: 9, source: 'zones: [', caret: '        ^' }] },
    });
    expect((await draft()).zones).toHaveLength(1);
  });

  test('counts as changed against the newest version, and can go back to it', async () => {
    await addZone('front', 'role=web');
    at.backend.workspace.transaction((tx) => ensureVersion(at.backend, tx, readDraft(at.backend).policy, 'first'));
    expect((await at.client.workspace.info({})).draftChanged).toBe(false);
    await addZone('back', 'role=db');
    expect((await at.client.workspace.info({})).draftChanged).toBe(true);
    await at.client.policy.discardDraft({});
    expect([(await draft()).zones.map((z) => z.name), (await at.client.workspace.info({})).draftChanged]).toEqual([['front'], false]);
  });

  test('a version is made once for one content, and restored as the draft', async () => {
    const version = () => at.backend.workspace.transaction((tx) => ensureVersion(at.backend, tx, readDraft(at.backend).policy, 'x').id);
    await addZone('front', 'role=web');
    const first = version();
    expect(version()).toBe(first);
    await addZone('back', 'role=db');
    const second = version();
    expect((await at.client.versions.diff({ a: first, b: second })).map((r) => [r.change, r.what, r.name])).toContainEqual(['added', 'zone', 'back']);
    await at.client.versions.restore({ id: first });
    expect((await draft()).zones.map((z) => z.name)).toEqual(['front']);
    expect(() => at.backend.workspace.transaction((tx) => tx.run("UPDATE versions SET note = 'y'"))).toThrow(/never changed/);
  });

  test('an edit by another process is seen, and none is lost', async () => {
    await addZone('front', 'role=web');
    const other = openWorkspace(at.path);
    other.transaction((tx) => {
      const { policy } = loadDraft(tx);
      saveDraft(tx, { ...policy, zones: policy.zones.map((z) => ({ ...z, note: 'theirs' })) }, 1);
    });
    other.close();
    await addZone('back', 'role=db');
    expect((await draft()).zones.map((z) => [z.name, z.note])).toEqual([
      ['front', 'theirs'],
      ['back', ''],
    ]);
  });
});
