import { applyLabelEdit, listLabelRules, previewLabelEdit, readHostLabels } from '../services/label-rules.ts';
import { os } from './implementer.ts';

export const labelRulesRouter = {
  list: os.labelRules.list.handler(({ context }) => listLabelRules(context)),
  ofHost: os.labelRules.ofHost.handler(({ context, input }) => readHostLabels(context, input.name)),
  preview: os.labelRules.preview.handler(({ context, input }) => previewLabelEdit(context, input)),
  apply: os.labelRules.apply.handler(({ context, input }) => applyLabelEdit(context, input)),
};
