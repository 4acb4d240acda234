import { measureCompile } from './task-compile.ts';
import { measureEdit } from './task-edit.ts';
import { measurePlan } from './task-plan.ts';
import { measureService } from './task-service.ts';
import { measureSuggest } from './task-suggest.ts';
import { measureTerms } from './task-terms.ts';
import { measureVerdicts } from './task-verdicts.ts';
import type { Size, TaskResult } from './timing.ts';

export type TaskName = 'compile' | 'edit' | 'service' | 'verdicts' | 'suggest' | 'plan' | 'terms';

export const TASKS: Record<TaskName, (size: Size) => TaskResult | Promise<TaskResult>> = {
  compile: measureCompile,
  edit: measureEdit,
  service: measureService,
  verdicts: measureVerdicts,
  suggest: measureSuggest,
  plan: measurePlan,
  terms: measureTerms,
};

export const isTaskName = (text: string): text is TaskName => Object.hasOwn(TASKS, text);
