import { listDraftChanges, readChangeFlips } from '../services/change-flips.ts';
import { putIpList, putService, removeIpList, removeService } from '../services/draft-objects.ts';
import { addRules, removeRules, updateRules } from '../services/draft-rules.ts';
import { readDraftHistory, stepDraft } from '../services/draft-undo.ts';
import { discardDraft, exportDraft, testDraft } from '../services/draft-whole.ts';
import { addZone, orderZones, removeZone, updateZone } from '../services/draft-zones.ts';
import { explainConnection } from '../services/explain-connection.ts';
import { lintDraft } from '../services/lint.ts';
import { resolveNames } from '../services/name-resolution.ts';
import { readNames } from '../services/names-view.ts';
import { listPeerMatches, readDraftView } from '../services/policy-insight.ts';
import { suggestForZone } from '../services/suggest-rules.ts';
import { importDraft } from '../services/import-draft.ts';
import { testText } from '../services/policy-text.ts';
import { readBlame, readRuleHistory } from '../services/rule-history.ts';
import { listMaturity } from '../services/zone-maturity.ts';
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
  maturity: os.policy.maturity.handler(({ context }) => listMaturity(context)),
  addRules: os.policy.addRules.handler(({ context, input }) => addRules(context, input.rules)),
  updateRule: os.policy.updateRule.handler(({ context, input }) => updateRules(context, [input])[0] ?? input),
  removeRule: os.policy.removeRule.handler(({ context, input }) => {
    removeRules(context, [input.id]);
    return done;
  }),
  updateRules: os.policy.updateRules.handler(({ context, input }) => updateRules(context, input.rules)),
  removeRules: os.policy.removeRules.handler(({ context, input }) => {
    removeRules(context, input.ids);
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
  names: os.policy.names.handler(({ context }) => readNames(context)),
  resolveNames: os.policy.resolveNames.handler(({ context, input }) => resolveNames(context, input)),
  matches: os.policy.matches.handler(({ context, input }) => listPeerMatches(context, input.peer)),
  suggest: os.policy.suggest.handler(({ context, input }) => suggestForZone(context, input)),
  explain: os.policy.explain.handler(({ context, input, signal }) => explainConnection(context, input, signal)),
  changes: os.policy.changes.handler(({ context }) => listDraftChanges(context)),
  flips: os.policy.flips.handler(({ context, input }) => readChangeFlips(context, input.sinceMs)),
  exportText: os.policy.exportText.handler(({ context }) => exportDraft(context)),
  importText: os.policy.importText.handler(({ context, input }) => importDraft(context, input)),
  testText: os.policy.testText.handler(({ context, input }) => testText(context, input)),
  ruleHistory: os.policy.ruleHistory.handler(({ context, input }) => readRuleHistory(context, input.id)),
  blame: os.policy.blame.handler(({ context }) => readBlame(context)),
  test: os.policy.test.handler(({ context }) => testDraft(context)),
  draftHistory: os.policy.draftHistory.handler(({ context }) => readDraftHistory(context)),
  undo: os.policy.undo.handler(({ context, input }) => stepDraft(context, 'undo', input.revision)),
  redo: os.policy.redo.handler(({ context, input }) => stepDraft(context, 'redo', input.revision)),
  discardDraft: os.policy.discardDraft.handler(({ context }) => {
    discardDraft(context);
    return done;
  }),
  lint: os.policy.lint.handler(({ context, input }) => lintDraft(context, input)),
};
