import { applyTemplate, listTemplates, previewTemplate } from '../services/templates.ts';
import { os } from './implementer.ts';

export const templatesRouter = {
  list: os.templates.list.handler(() => listTemplates()),
  preview: os.templates.preview.handler(({ context, input }) => previewTemplate(context, input)),
  apply: os.templates.apply.handler(({ context, input }) => applyTemplate(context, input)),
};
