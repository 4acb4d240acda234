import { z } from 'zod';
import { ZoneMode } from '../model/policy.ts';
import { MapEdge } from './views.ts';

/** `live`: what each host was last confirmed to run, in its mode · `draft`: as if the draft were pushed and every zone enforced. */
export const ReachPolicy = z.enum(['live', 'draft']);
export type ReachPolicy = z.infer<typeof ReachPolicy>;
export const ReachDirection = z.enum(['out', 'in']);

const Basis = z.enum(['listens', 'published', 'named', 'other']);

/** A service that can be reached. `text` is `tcp/5432`; `why` says what each end decides. `would-block`: it passes only because an end tests. */
export const ReachService = z.strictObject({ text: z.string(), process: z.string().nullable(), basis: Basis, verdict: z.enum(['allowed', 'would-block']), rules: z.array(z.string()), why: z.string() });
export type ReachService = z.infer<typeof ReachService>;

export const MAX_HOPS = 16;
/** Of one connection; `more` counts the rest. */
export const MAX_REACH_SERVICES = 12;

/** `of` is a host's name or zone:NAME. */
export const ReachQuery = z.strictObject({ of: z.string().max(300), policy: ReachPolicy, direction: ReachDirection, hops: z.number().int().min(1).max(MAX_HOPS) });
export type ReachQuery = z.infer<typeof ReachQuery>;

/** `possible` come on top of `reachable`: hosts that are reached only over one of which nobody knows what listens there. `byHop[0]` is one hop; certain ones only. */
export const ReachFigure = z.strictObject({ reachable: z.number().int(), possible: z.number().int(), byHop: z.array(z.number().int()) });
export type ReachFigure = z.infer<typeof ReachFigure>;

/** `via` is one hop nearer to the start; the services are those of the connection between the two. */
export const ReachRow = z.strictObject({ host: z.string(), zone: z.string().nullable(), managed: z.boolean(), hop: z.number().int(), via: z.string(), certain: z.boolean(), services: z.array(ReachService), more: z.number().int() });
export type ReachRow = z.infer<typeof ReachRow>;

export const ReachView = z.strictObject({
  /** The hosts that are held, or that are to be got to. */
  starts: z.array(z.string()),
  /** Of so many other hosts. */
  total: z.number().int(),
  live: ReachFigure,
  draft: ReachFigure,
  /** In the policy that was asked about; by hop, then name. */
  rows: z.array(ReachRow),
  /** Inwards: what addresses that no list and no network of a rule names reach directly; outwards: what the start reaches there. */
  outside: z.array(ReachService),
  /** What is not known or is open anyway, one sentence each; most important first. */
  notes: z.array(z.string()),
});
export type ReachView = z.infer<typeof ReachView>;

export const PathQuery = z.strictObject({ from: z.string().max(300), to: z.string().max(300), policy: ReachPolicy });
export type PathQuery = z.infer<typeof PathQuery>;

/** A shortest chain; `steps` null where there is none, and `refused` then says what stops the direct connection on each service that listens. */
export const PathView = z.strictObject({
  from: z.string(),
  to: z.string(),
  steps: z.array(z.strictObject({ from: z.string(), to: z.string(), certain: z.boolean(), services: z.array(ReachService), more: z.number().int() })).nullable(),
  refused: z.array(z.strictObject({ text: z.string(), why: z.string() })),
});
export type PathView = z.infer<typeof PathView>;

export const MatrixQuery = z.strictObject({ sinceMs: z.number().int().nullable() });

/** A row and a column. `any` is everybody together, `unzoned` hosts in no zone, `outside` everybody who is no host. `mode` is what its hosts run, null where they differ or nothing runs; `draftMode` the draft's. */
export const MatrixEnd = z.strictObject({ key: z.string(), kind: z.enum(['any', 'zone', 'unzoned', 'outside']), name: z.string(), hosts: z.number().int(), mode: ZoneMode.nullable(), draftMode: ZoneMode.nullable() });
export type MatrixEnd = z.infer<typeof MatrixEnd>;

/** everything: every port between all hosts of the two · services: some · nothing · nobody: no two ends that could speak. `services` are the first few of `count`. */
export const MatrixPermit = z.strictObject({ kind: z.enum(['everything', 'services', 'nothing', 'nobody']), wouldBlock: z.boolean(), count: z.number().int(), services: z.array(z.string()), rules: z.number().int() });
export type MatrixPermit = z.infer<typeof MatrixPermit>;

/** `worst` null: nothing was seen. */
export const MatrixSeen = z.strictObject({ connections: z.number().int(), services: z.number().int(), worst: MapEdge.shape.verdict.nullable(), lastSeenAtMs: z.number().int().nullable() });
export type MatrixSeen = z.infer<typeof MatrixSeen>;

export const MatrixCell = z.strictObject({ from: z.string(), to: z.string(), seen: MatrixSeen, live: MatrixPermit, draft: MatrixPermit });
export type MatrixCell = z.infer<typeof MatrixCell>;

/** `cells` are row by row, in the order of `ends`. */
export const MatrixView = z.strictObject({ ends: z.array(MatrixEnd), cells: z.array(MatrixCell), notes: z.array(z.string()) });
export type MatrixView = z.infer<typeof MatrixView>;

export const MatrixCellQuery = MatrixQuery.extend({ from: z.string(), to: z.string() });
export type MatrixCellQuery = z.infer<typeof MatrixCellQuery>;

/** `pairs` of `asked` pairs of hosts may; of these `wouldBlock` only because an end tests. */
export const PermittedServiceView = z.strictObject({ text: z.string(), basis: Basis, asked: z.number().int(), pairs: z.number().int(), wouldBlock: z.number().int(), rules: z.array(z.string()), reasons: z.array(z.string()) });
const PermitDetail = z.strictObject({ kind: MatrixPermit.shape.kind, services: z.array(PermittedServiceView) });

export const MatrixCellDetail = z.strictObject({
  from: MatrixEnd,
  to: MatrixEnd,
  /** Most connections first. */
  seen: z.array(z.strictObject({ protocol: z.string(), port: z.number().int(), connections: z.number().int(), worst: MapEdge.shape.verdict, lastSeenAtMs: z.number().int() })),
  live: PermitDetail,
  draft: PermitDetail,
  /** Every rule that is named, in words; `inDraft` false: only some host still runs it. */
  rules: z.array(z.strictObject({ id: z.string(), text: z.string(), inDraft: z.boolean() })),
});
export type MatrixCellDetail = z.infer<typeof MatrixCellDetail>;
