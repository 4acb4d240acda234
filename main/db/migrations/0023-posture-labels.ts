import type { Migration } from '../migration.ts';

/** Labels that begin with `posture.` are derived from now on: those that somebody had given, by hand or by a label rule, keep what they say under `was-posture.`. */
export const postureLabels: Migration = {
  version: 23,
  sql: `
UPDATE OR REPLACE host_labels SET key = substr('was-' || key, 1, 63) WHERE key LIKE 'posture.%';
UPDATE label_rules SET rule_json = json_set(rule_json, '$.labels', json((
  SELECT json_group_object(CASE WHEN key LIKE 'posture.%' THEN substr('was-' || key, 1, 63) ELSE key END, value) FROM json_each(rule_json, '$.labels'))))
  WHERE EXISTS (SELECT 1 FROM json_each(rule_json, '$.labels') WHERE key LIKE 'posture.%');
`,
};
