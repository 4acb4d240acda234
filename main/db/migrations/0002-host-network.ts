import type { Migration } from '../migration.ts';

/** What the compiler needs of a host's facts, beside them: parsing all facts of 500 hosts for every list took most of its time. */
export const hostNetwork: Migration = {
  version: 2,
  sql: `
ALTER TABLE host_states ADD COLUMN network_json TEXT;
UPDATE host_states SET network_json = json_object(
  'sshPort', facts_json -> '$.ssh.serverPort',
  'resolvers', json(facts_json -> '$.resolvers'),
  'timeServers', json(facts_json -> '$.timeServers'))
WHERE facts_json IS NOT NULL;
`,
};
