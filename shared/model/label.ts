import { z } from 'zod';
import { isPostureKey } from './posture.ts';

/** Keys that every screen knows and sorts first; any other key is allowed too. */
export const BUILT_IN_LABEL_KEYS = ['role', 'app', 'env', 'loc'] as const;

/** A key that a selector may name. */
export const SelectorKey = z
  .string()
  .regex(/^[a-z][a-z0-9_.-]{0,62}$/, 'a label key starts with a-z, then a-z 0-9 _ . - (63 at most)');

/** A key that people may give. Those of posture are derived from what hosts report. */
export const LabelKey = SelectorKey.refine((key) => !isPostureKey(key), 'labels that begin with posture. come from what hosts report about themselves, and nobody can set them; choose another key, such as device.disk');

export const LabelValue = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,62}$/, 'a label value starts with a letter or digit, then letters, digits and _ . : / - (63 at most)');

/** One value a key. An empty record is a host without labels: no selector with `=` matches it. */
export const Labels = z.record(LabelKey, LabelValue);
export type Labels = z.infer<typeof Labels>;
