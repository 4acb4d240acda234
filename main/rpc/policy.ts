import { addRules, putIpList, putService, removeIpList, removeRule, removeService, updateRule } from '../services/draft-objects.ts';
import { discardDraft, exportDraft, importDraft, testDraft } from '../services/draft-whole.ts';
import { addZone, orderZones, removeZone, updateZone } from '../services/draft-zones.ts';
import { explainConnection, listPeerMatches, readDraftView, suggestForZone } from '../services/policy-insight.ts';
import { readReadiness, setZoneMode } from '../services/zone-mode.ts';
import { os } from './implementer.ts';

const done = { ok: true } as const;

export const policyRouter = {
  get: os.policy.get.handler(({ context }) => readDraftView(context)),
  addZone: os.policy.addZone.handler(({ context, input }) => addZone(context, input)),
  updateZone: os.policy.updateZone.handler(({ context, input }) => updateZone(context, input)),
  setZoneMode: os.policy.setZoneMode.handler(({ context, input }) => setZoneMode(context, input)),
  orderZones: os.policy.orderZones.handler(({ context, input }) => {
    orderZones(context, input.names);
    return done;
  }),
  removeZone: os.policy.removeZone.handler(({ context, input }) => {
    removeZone(context, input.name);
    return done;
  }),
  readiness: os.policy.readiness.handler(({ context, input }) => readReadiness(context, input.name, input.mode)),
  addRules: os.policy.addRules.handler(({ context, input }) => addRules(context, input.rules)),
  updateRule: os.policy.updateRule.handler(({ context, input }) => updateRule(context, input)),
  removeRule: os.policy.removeRule.handler(({ context, input }) => {
    removeRule(context, input.id);
    return done;
  }),
  putService: os.policy.putService.handler(({ context, input }) => putService(context, input)),
  removeService: os.policy.removeService.handler(({ context, input }) => {
    removeService(context, input.name);
    return done;
  }),
  putIpList: os.policy.putIpList.handler(({ context, input }) => putIpList(context, input)),
  removeIpList: os.policy.removeIpList.handler(({ context, input }) => {
    removeIpList(context, input.name);
    return done;
  }),
  matches: os.policy.matches.handler(({ context, input }) => listPeerMatches(context, input.peer)),
  suggest: os.policy.suggest.handler(({ context, input }) => suggestForZone(context, input)),
  explain: os.policy.explain.handler(({ context, input }) => explainConnection(context, input)),
  exportText: os.policy.exportText.handler(({ context }) => exportDraft(context)),
  importText: os.policy.importText.handler(({ context, input }) => importDraft(context, input.text, input.dryRun)),
  test: os.policy.test.handler(({ context }) => testDraft(context)),
  discardDraft: os.policy.discardDraft.handler(({ context }) => {
    discardDraft(context);
    return done;
  }),
};
