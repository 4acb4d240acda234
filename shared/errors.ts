import { z } from 'zod';
import { PlanWindow } from './model/maintenance.ts';

/** One finding about input: where it is (`path`, or `line`/`column` of a file, both from 1) and what to do. */
export const Issue = z.strictObject({
  path: z.string(),
  message: z.string(),
  line: z.number().int().positive().optional(),
  column: z.number().int().positive().optional(),
});
export type Issue = z.infer<typeof Issue>;

/** An issue of a policy file, with the line as a terminal shows it and a caret below the place. */
const FileIssue = Issue.extend({ source: z.string(), caret: z.string() });
const MergeConflict = z.strictObject({ what: z.string(), name: z.string(), line: z.number().int().positive().nullable(), reason: z.string(), base: z.string().nullable(), draft: z.string().nullable(), file: z.string().nullable() });

const host = { host: z.string() };
const hostDetail = { ...host, detail: z.string() };

/**
 * Every failure that can leave the backend: code → payload. The sentence for people is made in `error-text.ts`,
 * which does not compile while a code has no text. No payload ever carries a secret.
 */
export const errorPayloads = {
  INPUT_INVALID: z.strictObject({ issues: z.array(Issue).min(1) }),
  /** Issues in the order of the lines, at most 50; `more` counts the rest. */
  POLICY_FILE_INVALID: z.strictObject({ file: z.string(), issues: z.array(FileIssue).min(1), more: z.number().int() }),
  MERGE_CONFLICT: z.strictObject({ file: z.string(), conflicts: z.array(MergeConflict).min(1) }),
  /** The state that the file was exported from is not kept here. */
  MERGE_BASE_UNKNOWN: z.strictObject({ file: z.string(), base: z.string() }),
  NOT_FOUND: z.strictObject({ what: z.string(), name: z.string(), known: z.array(z.string()) }),
  NAME_TAKEN: z.strictObject({ what: z.string(), name: z.string() }),
  ADDRESS_TAKEN: z.strictObject({ address: z.string(), host: z.string() }),
  /** This very file was imported before. */
  SOURCE_KNOWN: z.strictObject({ path: z.string(), id: z.number(), name: z.string(), importedAtMs: z.number() }),
  STILL_USED: z.strictObject({ what: z.string(), name: z.string(), usedBy: z.array(z.string()) }),

  WORKSPACE_NOT_FOUND: z.strictObject({ path: z.string() }),
  WORKSPACE_EXISTS: z.strictObject({ path: z.string() }),
  WORKSPACE_NOT_A_DATABASE: z.strictObject({ path: z.string() }),
  WORKSPACE_FROM_NEWER_VERSION: z.strictObject({ path: z.string(), fileVersion: z.number(), ourVersion: z.number() }),
  WORKSPACE_READ_ONLY: z.strictObject({ path: z.string() }),
  WORKSPACE_DAMAGED: z.strictObject({ path: z.string(), detail: z.string() }),
  DISK_FULL: z.strictObject({ path: z.string() }),
  /** Another console's window writes this workspace; here it can only be looked at. */
  WORKSPACE_HELD: z.strictObject({ path: z.string(), user: z.string(), pid: z.number(), sinceMs: z.number() }),
  RESTORE_LOSES: z.strictObject({ path: z.string(), backup: z.string(), losses: z.array(z.string()).min(1) }),
  SAMPLE_CONNECTS_TO_NOTHING: z.strictObject({ path: z.string() }),
  WINDOW_NEEDED: z.strictObject({}),

  /** `notAway`: something answers there, or on the way, or this machine itself cannot connect: nobody can say that the host is away. */
  HOST_UNREACHABLE: z.strictObject({ ...hostDetail, address: z.string(), port: z.number(), notAway: z.literal(true).optional() }),
  HOST_TIMEOUT: z.strictObject({ ...host, doing: z.string(), timeoutMs: z.number() }),
  HOST_DISCONNECTED: z.strictObject({ ...host, doing: z.string() }),
  HOST_KEY_UNKNOWN: z.strictObject({ ...host, algorithm: z.string(), fingerprint: z.string() }),
  HOST_KEY_CHANGED: z.strictObject({ ...host, pinned: z.string(), presented: z.string() }),
  /** `listed`: what `source`, a list that somebody imported, says instead. */
  HOST_KEY_NOT_AS_LISTED: z.strictObject({ ...host, listed: z.string(), presented: z.string(), source: z.string() }),
  HOST_KEY_REVOKED: z.strictObject({ ...host, algorithm: z.string(), fingerprint: z.string(), source: z.string() }),
  /** Another machine answers than the one that the host stands for; by their machine ids. */
  HOST_REBUILT: z.strictObject({ ...host, former: z.string(), now: z.string() }),
  SSH_AUTH_FAILED: z.strictObject({ ...host, user: z.string(), identity: z.string() }),
  SSH_KEY_UNREADABLE: z.strictObject({ ...host, keyPath: z.string(), detail: z.string() }),
  SSH_PASSPHRASE_NEEDED: z.strictObject({ ...host, keyPath: z.string() }),
  SSH_PASSPHRASE_WRONG: z.strictObject({ keyPath: z.string() }),
  SSH_CERTIFICATE_UNUSABLE: z.strictObject({ ...host, certificatePath: z.string(), detail: z.string() }),
  SECRET_NOT_GIVEN: z.strictObject({ what: z.string(), name: z.string() }),
  KEYCHAIN_MISSING: z.strictObject({ why: z.string() }),
  SSH_PASSWORD_NEEDED: z.strictObject({ ...host, user: z.string() }),
  SSH_LIMIT_REACHED: z.strictObject(hostDetail),
  SUDO_REFUSED: z.strictObject({ ...hostDetail, user: z.string() }),
  SUDO_PASSWORD_NEEDED: z.strictObject({ ...host, user: z.string() }),
  OUTPUT_TOO_LARGE: z.strictObject({ ...host, doing: z.string(), limitBytes: z.number() }),
  HOST_REPLY_INVALID: z.strictObject({ ...hostDetail, doing: z.string() }),

  NFT_MISSING: z.strictObject(host),
  HOST_UNSUPPORTED: z.strictObject({ ...host, reasons: z.array(z.string()) }),
  AGENT_MISSING: z.strictObject(host),
  /** `otherId`: the host id under which the agent there was installed. */
  AGENT_NOT_OURS: z.strictObject({ ...host, otherId: z.string() }),
  /** The host refuses what this workspace signed: another key is pinned there. */
  AGENT_OTHER_KEY: z.strictObject(hostDetail),
  /** The host has a newer agent than this console. */
  AGENT_DOWNGRADE: z.strictObject({ ...host, installed: z.string(), offered: z.string() }),
  BUNDLE_REPLAYED: z.strictObject(hostDetail),
  AGENT_FAILED: z.strictObject({ ...hostDetail, doing: z.string(), exitCode: z.number() }),
  PUSH_PENDING_ELSEWHERE: z.strictObject({ ...host, pendingId: z.string(), by: z.string() }),
  CONFIRM_REFUSED: z.strictObject(hostDetail),

  PLAN_REFUSED: z.strictObject({ refusals: z.array(z.strictObject({ host: z.string(), reason: z.string(), rule: z.string().nullable() })).min(1) }),
  PLAN_STALE: z.strictObject({ planned: z.string(), current: z.string() }),
  GATE_CLOSED: z.strictObject({ what: z.string(), reasons: z.array(z.string()).min(1) }),
  /** `seen`, `current`: revisions of the draft. */
  DRAFT_CHANGED: z.strictObject({ seen: z.number(), current: z.number() }),
  /** `windows`: those that are shut. */
  WINDOW_CLOSED: z.strictObject({ windows: z.array(PlanWindow).min(1), nowMs: z.number() }),
  NOTHING_PENDING: z.strictObject({}),
  NOTHING_TO_UNDO: z.strictObject({ way: z.enum(['undo', 'redo']) }),
  NOTHING_TO_PUSH: z.strictObject({}),
  NOTHING_TO_ROLL_BACK: z.strictObject({}),
  PUSH_RUNNING: z.strictObject({ push: z.string() }),
  PUSH_NOT_HERE: z.strictObject({ push: z.string() }),

  /** Nothing that waits was lost. */
  FORWARD_NOT_CONFIRMED: z.strictObject({ name: z.string(), to: z.string() }),
  UPDATES_OFF: z.strictObject({}),
  UPDATE_UNREACHABLE: z.strictObject({ url: z.string(), detail: z.string() }),
  UPDATE_REFUSED: z.strictObject({ from: z.string(), detail: z.string() }),
  FORWARD_FAILED: z.strictObject({ name: z.string(), to: z.string(), detail: z.string() }),

  BROWSER_MISSING: z.strictObject({ tried: z.array(z.string()) }),
  BROWSER_FAILED: z.strictObject({ path: z.string(), detail: z.string() }),
  DISPLAY_MISSING: z.strictObject({}),
  FILE_NOT_WRITABLE: z.strictObject({ path: z.string(), detail: z.string() }),
  FILE_NOT_READABLE: z.strictObject({ path: z.string(), detail: z.string() }),
  ABORTED: z.strictObject({ doing: z.string() }),
  INTERNAL: z.strictObject({ detail: z.string() }),
} as const;

export type ErrorCode = keyof typeof errorPayloads;
export type ErrorPayload<Code extends ErrorCode> = z.infer<(typeof errorPayloads)[Code]>;

/** The only error class that the backend throws on purpose. `message` is the code, for logs; people get `describeError`. */
export class FirebreakError<Code extends ErrorCode = ErrorCode> extends Error {
  readonly code: Code;
  readonly payload: ErrorPayload<Code>;

  constructor(code: Code, payload: ErrorPayload<Code>, options?: { cause?: unknown }) {
    super(code, options);
    this.name = 'FirebreakError';
    this.code = code;
    this.payload = payload;
  }
}

/** Narrowing by code: `isFirebreakError(e, 'NOT_FOUND')` gives the payload its type. */
export function isFirebreakError<Code extends ErrorCode>(error: unknown, code: Code): error is FirebreakError<Code> {
  return error instanceof FirebreakError && error.code === code;
}
