import { z } from 'zod';

/** One finding about input: where it is (`path`, or `line`/`column` of a file, both from 1) and what to do. */
export const Issue = z.strictObject({
  path: z.string(),
  message: z.string(),
  line: z.number().int().positive().optional(),
  column: z.number().int().positive().optional(),
});
export type Issue = z.infer<typeof Issue>;

const host = { host: z.string() };
const hostDetail = { ...host, detail: z.string() };

/**
 * Every failure that can leave the backend: code → payload. The sentence for people is made in `error-text.ts`,
 * which does not compile while a code has no text. No payload ever carries a secret.
 */
export const errorPayloads = {
  INPUT_INVALID: z.strictObject({ issues: z.array(Issue).min(1) }),
  NOT_FOUND: z.strictObject({ what: z.string(), name: z.string(), known: z.array(z.string()) }),
  NAME_TAKEN: z.strictObject({ what: z.string(), name: z.string() }),
  ADDRESS_TAKEN: z.strictObject({ address: z.string(), host: z.string() }),
  STILL_USED: z.strictObject({ what: z.string(), name: z.string(), usedBy: z.array(z.string()) }),

  WORKSPACE_NOT_FOUND: z.strictObject({ path: z.string() }),
  WORKSPACE_EXISTS: z.strictObject({ path: z.string() }),
  WORKSPACE_NOT_A_DATABASE: z.strictObject({ path: z.string() }),
  WORKSPACE_FROM_NEWER_VERSION: z.strictObject({ path: z.string(), fileVersion: z.number(), ourVersion: z.number() }),
  WORKSPACE_READ_ONLY: z.strictObject({ path: z.string() }),
  WORKSPACE_DAMAGED: z.strictObject({ path: z.string(), detail: z.string() }),
  DISK_FULL: z.strictObject({ path: z.string() }),

  HOST_UNREACHABLE: z.strictObject({ ...hostDetail, address: z.string(), port: z.number() }),
  HOST_TIMEOUT: z.strictObject({ ...host, doing: z.string(), timeoutMs: z.number() }),
  HOST_DISCONNECTED: z.strictObject({ ...host, doing: z.string() }),
  HOST_KEY_UNKNOWN: z.strictObject({ ...host, algorithm: z.string(), fingerprint: z.string() }),
  HOST_KEY_CHANGED: z.strictObject({ ...host, pinned: z.string(), presented: z.string() }),
  SSH_AUTH_FAILED: z.strictObject({ ...host, user: z.string(), identity: z.string() }),
  SSH_KEY_UNREADABLE: z.strictObject({ ...host, keyPath: z.string(), detail: z.string() }),
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
  AGENT_FAILED: z.strictObject({ ...hostDetail, doing: z.string(), exitCode: z.number() }),
  PUSH_PENDING_ELSEWHERE: z.strictObject({ ...host, pendingId: z.string(), by: z.string() }),
  CONFIRM_REFUSED: z.strictObject(hostDetail),

  PLAN_REFUSED: z.strictObject({ refusals: z.array(z.strictObject({ host: z.string(), reason: z.string(), rule: z.string().nullable() })).min(1) }),
  PLAN_STALE: z.strictObject({ planned: z.string(), current: z.string() }),
  GATE_CLOSED: z.strictObject({ what: z.string(), reasons: z.array(z.string()).min(1) }),
  NOTHING_TO_PUSH: z.strictObject({}),
  NOTHING_TO_ROLL_BACK: z.strictObject({}),
  PUSH_RUNNING: z.strictObject({ push: z.string() }),

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
