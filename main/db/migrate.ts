import type BetterSqlite3 from 'better-sqlite3';
import { FirebreakError } from '../../shared/errors.ts';
import type { Migration } from './migration.ts';
import { first } from './migrations/0001-first.ts';
import { hostNetwork } from './migrations/0002-host-network.ts';
import { hostEvents } from './migrations/0003-host-events.ts';
import { hostFootprint } from './migrations/0004-host-footprint.ts';
import { pushSessions } from './migrations/0005-push-sessions.ts';
import { flowProcess } from './migrations/0006-flow-process.ts';
import { policyComments } from './migrations/0007-policy-comments.ts';
import { nameLedger } from './migrations/0008-name-ledger.ts';
import { labelRules } from './migrations/0009-label-rules.ts';
import { evidence } from './migrations/0010-evidence.ts';
import { flowSources } from './migrations/0011-flow-sources.ts';
import { alerts } from './migrations/0012-alerts.ts';
import { flowPages } from './migrations/0013-flow-pages.ts';
import { draftSteps } from './migrations/0014-draft-steps.ts';
import { carriedBundles } from './migrations/0015-carried-bundles.ts';
import { forward } from './migrations/0016-forward.ts';
import { forwardMachines } from './migrations/0017-forward-machines.ts';
import { reachProofs } from './migrations/0018-reach-proofs.ts';
import { pushWaves } from './migrations/0019-push-waves.ts';
import { hostKeys } from './migrations/0020-host-keys.ts';
import { hostWaits } from './migrations/0021-host-waits.ts';
import { hostIdentity } from './migrations/0022-host-identity.ts';
import { postureLabels } from './migrations/0023-posture-labels.ts';

/** Ascending by version, each once. A file is brought to the last one: nothing may be put in below it once that has been shipped. */
export const MIGRATIONS: readonly Migration[] = [first, hostNetwork, hostEvents, hostFootprint, pushSessions, flowProcess, policyComments, nameLedger, labelRules, evidence, flowSources, alerts, flowPages, draftSteps, carriedBundles, forward, forwardMachines, reachProofs, pushWaves, hostKeys, hostWaits, hostIdentity, postureLabels];

export const newestVersion = (migrations: readonly Migration[]): number => migrations.at(-1)?.version ?? 0;

/** The format of the open file; 0 for a new one. */
export function readUserVersion(connection: BetterSqlite3.Database): number {
  return Number(connection.pragma('user_version', { simple: true }));
}

/**
 * Brings the file to the newest version in one transaction; either all steps or none. Idempotent: nothing to do writes nothing.
 * @throws WORKSPACE_FROM_NEWER_VERSION before anything is changed · WORKSPACE_DAMAGED when references no longer fit (rolled back)
 */
export function migrate(connection: BetterSqlite3.Database, path: string, migrations: readonly Migration[] = MIGRATIONS): void {
  const ourVersion = newestVersion(migrations);
  const fileVersion = readUserVersion(connection);
  if (fileVersion > ourVersion) throw new FirebreakError('WORKSPACE_FROM_NEWER_VERSION', { path, fileVersion, ourVersion });
  if (fileVersion === ourVersion) return;
  // Off, because a table rebuild drops the old table (https://www.sqlite.org/lang_altertable.html#otheralter); it cannot be switched within a transaction.
  connection.pragma('foreign_keys = OFF');
  try {
    connection.transaction(() => applySteps(connection, path, migrations)).immediate();
  } finally {
    connection.pragma('foreign_keys = ON');
  }
}

function applySteps(connection: BetterSqlite3.Database, path: string, migrations: readonly Migration[]): void {
  // Read again inside the lock: another process may have migrated meanwhile.
  const from = readUserVersion(connection);
  for (const step of migrations.filter((m) => m.version > from)) {
    connection.exec(step.sql);
    connection.pragma(`user_version = ${step.version}`);
  }
  const broken = connection.pragma('foreign_key_check');
  if (Array.isArray(broken) && broken.length > 0) {
    throw new FirebreakError('WORKSPACE_DAMAGED', { path, detail: `${broken.length} references point to nothing after the update of the format` });
  }
}
