import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BackendClient } from '../../main/rpc/client.ts';
import type { Backend } from '../../main/services/backend.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { SHOP_HOSTS } from '../lab/plan.ts';
import { listMachineObstacles } from '../lab/machine.ts';
import { SITE_HOSTS } from '../seed/site-hosts.ts';
import { SITE_ZONES } from '../seed/site-policy.ts';
import { aRule, draftZone, enrol, makeWorkspace, moveZone, openConsole, overAll, push } from './lab-console.ts';
import { acceptSuggestions, blockedFlows, scrapeAll, type SiteConversation, siteConversations, startSite } from './suggested-sites.ts';

/** From what was seen to rules to enforce, on real hosts: nothing that was seen breaks, and what nobody did is refused. */
describe.runIf(listMachineObstacles().length === 0)('suggested rules', () => {
  let lab: Lab;
  let console_: { client: BackendClient; backend: Backend };
  let workspace: ReturnType<typeof makeWorkspace>;
  const open = () => {
    workspace = makeWorkspace();
    console_ = openConsole(workspace.workspacePath);
    return console_.client;
  };
  const close = async () => {
    await console_?.backend.close();
    await lab?.stop();
    workspace?.remove();
  };

  describe('of the lab’s shop', () => {
    let client: BackendClient;
    const work = async () => {
      for (let i = 0; i < 12; i += 1) expect(await lab.shop.request({ timeoutMs: 5000 })).toMatchObject({ ok: true });
      await lab.host('ops1').run(['systemctl', 'start', 'shop-backup.service'], { timeoutMs: 20_000 });
      expect(await scrapeAll(lab)).toEqual([]);
    };
    beforeAll(async () => {
      lab = await startLab({ hosts: SHOP_HOSTS });
      client = open();
      await enrol(client, lab.hosts, lab.sshKeyPath);
    });
    afterAll(close);

    test('explain all that was seen, permit nothing unseen within the app at width role, and break nothing in enforce', async () => {
      await draftZone(client, 'shop', 'app=shop', 'observe', 'restricted');
      // Customers are no hosts: who may be one is for a person to say.
      await client.policy.addRules({ rules: [aRule('allow', 'any', 'app=shop,role=lb', 'tcp/80')] });
      await work();
      await overAll(client, 'collect');
      const { totals, unexplained, setAside } = await acceptSuggestions(client);
      expect({ unexplained, setAside, neverSeen: totals.neverSeen }).toEqual({ unexplained: [], setAside: [], neverSeen: 0 });
      expect(totals.explained).toBeGreaterThan(6);
      expect(await acceptSuggestions(client)).toMatchObject({ suggestions: [] });
      await moveZone(client, 'shop', 'enforce');
      expect(await push(client, 30)).toMatchObject({ outcome: 'confirmed' });
      await work();
      await overAll(client, 'collect');
      expect(await blockedFlows(client)).toEqual([]);
      // What nobody did is refused: enforcing is real.
      expect(await lab.host('lb1').tryConnect({ to: lab.host('db1'), port: 5432, timeoutMs: 1000 })).not.toBe('connected');
    });
  });

  describe('of the sample site', () => {
    let client: BackendClient;
    let play: (conversations: readonly SiteConversation[]) => Promise<string[]>;
    beforeAll(async () => {
      client = open();
      ({ lab, play } = await startSite(client));
    });
    afterAll(close);

    test('explain all that its hosts exchanged, permit nothing unseen within an app at width role, and break nothing in enforce', async () => {
      const conversations = siteConversations();
      expect(conversations.length).toBeGreaterThan(50);
      expect(await play(conversations)).toEqual([]);
      await overAll(client, 'collect');
      const { suggestions, totals, unexplained } = await acceptSuggestions(client);
      expect(unexplained).toEqual([]);
      expect(totals.explained).toBeGreaterThan(50);
      const appOf = (name: string) => SITE_HOSTS.find((host) => host.name === name)?.labels['app'];
      const withinApp = suggestions.filter(({ seen }) => new Set(seen.flatMap((text) => text.split(/ → | /).slice(0, 2).map(appOf))).size === 1);
      expect(withinApp.length).toBeGreaterThan(6);
      expect(withinApp.filter(({ neverSeen }) => neverSeen > 0)).toEqual([]);
      for (const { name } of SITE_ZONES) await moveZone(client, name, 'enforce');
      expect(await push(client, 30)).toMatchObject({ outcome: 'confirmed' });
      expect(await play(conversations)).toEqual([]);
      await overAll(client, 'collect');
      expect(await blockedFlows(client)).toEqual([]);
      expect(await lab.host('web-1').tryConnect({ to: lab.host('crm-db-1'), port: 5432, timeoutMs: 1000 })).not.toBe('connected');
    });
  });
});
