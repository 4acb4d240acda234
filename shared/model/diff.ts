import { z } from 'zod';
import { HostId, PolicyVersionId, PushId } from './ids.ts';
import { FlowDirection } from './flow.ts';
import { PlanWindow } from './maintenance.ts';
import { ZoneMode } from './policy.ts';
import { SessionChoice, SessionsCut } from './session.ts';

/** Layer 1: what changed in the policy, one row an object. Removed and changed rows carry `before`, added and changed `after`, as the text people read. */
export const PolicyDiffRow = z.strictObject({
  change: z.enum(['added', 'removed', 'changed']),
  what: z.enum(['zone', 'rule', 'service', 'iplist', 'test', 'containment', 'zone-order']),
  name: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
});
export type PolicyDiffRow = z.infer<typeof PolicyDiffRow>;

/** Layer 2: what changes on one host, semantic. `widens` lets more through than before, `tightens` less. */
export const HostDiffRow = z.strictObject({
  change: z.enum(['added', 'removed', 'changed', 'mode']),
  direction: z.enum(['in', 'out', 'none']),
  /** e.g. `allow role=web → tcp/5432 from 2 addresses`. */
  text: z.string(),
  effect: z.enum(['widens', 'tightens', 'same']),
  rule: z.string().nullable(),
});
export const HostDiff = z.strictObject({
  host: HostId,
  hostName: z.string(),
  zone: z.string().nullable(),
  modeBefore: ZoneMode.nullable(),
  modeAfter: ZoneMode,
  rows: z.array(HostDiffRow),
  bundleBefore: z.string().nullable(),
  bundleAfter: z.string(),
});
export type HostDiff = z.infer<typeof HostDiff>;

/** Layer 3: one observed flow whose verdict changes; allowed → blocked first, then by connections. */
export const FlowImpact = z.strictObject({
  change: z.enum(['allowed-to-blocked', 'allowed-to-would-block', 'blocked-to-allowed', 'would-block-to-allowed', 'would-block-to-blocked']),
  reporterName: z.string(),
  direction: FlowDirection,
  peerName: z.string(),
  peerAddress: z.string(),
  protocol: z.string(),
  port: z.number().int(),
  user: z.string().nullable(),
  unit: z.string().nullable(),
  connections: z.number().int(),
  lastSeenAtMs: z.number().int(),
  by: z.string().nullable(),
});
export type FlowImpact = z.infer<typeof FlowImpact>;

export const PlanRefusal = z.strictObject({ host: z.string(), reason: z.string(), rule: z.string().nullable() });

/** Everything that is looked at before a push. `hash` names the draft and fleet that it was made from; a push needs the same. */
export const Plan = z.strictObject({
  hash: z.string(),
  baseVersion: PolicyVersionId.nullable(),
  policyDiff: z.array(PolicyDiffRow),
  hosts: z.array(HostDiff),
  impact: z.array(FlowImpact),
  impactTotal: z.number().int(),
  refusals: z.array(PlanRefusal),
  warnings: z.array(z.string()),
  brokenTests: z.array(z.string()),
  /** The maintenance windows that hosts which change go by, as they stood when the plan was made; shut ones first. Empty: none has one. No part of `hash`. */
  windows: z.array(PlanWindow),
});
export type Plan = z.infer<typeof Plan>;

/** The states of one host within a push, in order; each is stored before it is acted on. `away`: no connection came about, and it gets its rules when it returns. */
export const PushStep = z.enum(['planned', 'checking', 'checked', 'applying', 'applied', 'proving', 'proved', 'confirming', 'confirmed', 'rolled-back', 'failed', 'skipped', 'away', 'unknown']);
export type PushStep = z.infer<typeof PushStep>;

export const PushHost = z.strictObject({
  host: HostId,
  hostName: z.string(),
  step: PushStep,
  bundle: z.string(),
  detail: z.string(),
  changedAtMs: z.number().int(),
  /** From 1. Null: nothing changed on it, or all went at once. */
  wave: z.number().int().positive().nullable(),
  /** Null: nothing was to be cut, or it has not come to that, or the console stopped before. */
  sessionsCut: SessionsCut.nullable(),
});
export type PushHost = z.infer<typeof PushHost>;

export const Push = z.strictObject({
  id: PushId,
  version: PolicyVersionId,
  kind: z.enum(['push', 'rollback']),
  author: z.string(),
  note: z.string(),
  startedAtMs: z.number().int(),
  endedAtMs: z.number().int().nullable(),
  outcome: z.enum(['running', 'confirmed', 'partly', 'failed', 'interrupted']),
  confirmWithinSeconds: z.number().int(),
  sessions: SessionChoice,
  hosts: z.array(PushHost),
});
export type Push = z.infer<typeof Push>;
