import { z } from 'zod';
import { FlowDirection } from './flow.ts';
import { HostId } from './ids.ts';
import { POSTURE_FACTS } from './posture.ts';

/** From the most to the least pressing: the order in which they are listed where nothing else is asked for. */
export const AlertKind = z.enum(['tampered', 'drifted', 'agent-silent', 'flow-blocked', 'connection-rate', 'service-new', 'posture', 'footprint']);
export type AlertKind = z.infer<typeof AlertKind>;

/**
 * What an alert is about, as it was stored; names are found when it is read. A blocked flow without a peer stands for all public addresses together, and then
 * without a port for all ports on which nothing listens. `more`: what came beyond as many as a host may have of one kind.
 */
export const AlertSubject = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('flow-blocked'), direction: FlowDirection, peerAddress: z.string().nullable(), forwardTo: z.string().nullable(), protocol: z.string(), port: z.number().int().nullable() }),
  z.strictObject({ kind: z.literal('service-new'), protocol: z.string(), address: z.string(), port: z.number().int(), process: z.string().nullable(), user: z.string().nullable(), unit: z.string().nullable() }),
  z.strictObject({ kind: z.literal('agent-silent'), code: z.string(), title: z.string() }),
  z.strictObject({ kind: z.literal('tampered'), what: z.string(), text: z.string() }),
  z.strictObject({ kind: z.literal('drifted'), what: z.enum(['agent', 'rules', 'bundle', 'units']), text: z.string() }),
  z.strictObject({ kind: z.literal('footprint'), figure: z.enum(['cpu', 'latency', 'stored']), value: z.number(), limit: z.number() }),
  /** `value` of posture that falls short, and what it was before. */
  z.strictObject({ kind: z.literal('posture'), fact: z.enum(POSTURE_FACTS), value: z.string(), before: z.string() }),
  /** Connections an hour. */
  z.strictObject({ kind: z.literal('connection-rate'), direction: z.enum(['in', 'out']), hourStartMs: z.number().int(), perHour: z.number(), busiestPerHour: z.number() }),
  z.strictObject({ kind: z.literal('more') }),
]);
export type AlertSubject = z.infer<typeof AlertSubject>;

/** settled: the cause is gone, as `settledWhy` says; it opens again when the cause comes back. muted: nobody is to be told of it for a while. */
export const AlertState = z.enum(['open', 'acknowledged', 'muted', 'settled']);
export type AlertState = z.infer<typeof AlertState>;

const write = (what: string) => ({ error: `write ${what}` });
const whole = (least: number, most: number, unit: string) => {
  const wanted = write(`whole ${unit} from ${least} to ${most}`);
  return z.number(wanted).int(wanted).min(least, wanted).max(most, wanted);
};
const above = (least: number, most: number, unit: string) => {
  const wanted = write(`more than ${least} and at most ${most} ${unit}`);
  return z.number(wanted).gt(least, wanted).max(most, wanted);
};

/** From when on something counts as an alert; kept in the workspace. */
export const AlertSettings = z.strictObject({
  /** A host that does not answer is told of once it was last heard so long ago; 0: at once. */
  silentAfterHours: whole(0, 720, 'hours'),
  /** Of one CPU, over the agent's last day. */
  cpuPercent: above(0, 100, '% of one CPU'),
  /** To the slowest hundredth of connects. */
  addedLatencyMs: above(0, 1000, 'milliseconds'),
  storedMegabytes: whole(1, 10_240, 'megabytes'),
  /** Times the busiest hour of the 14 days before. */
  rateFactor: z.number(write('a number of times from 1.5 to 1000')).min(1.5, write('a number of times from 1.5 to 1000')).max(1000, write('a number of times from 1.5 to 1000')),
  /** Fewer connections an hour are never far beyond anything. */
  rateAtLeast: whole(1, 10_000_000, 'connections an hour'),
  /** What was not seen again for so long has settled. */
  quietAfterDays: whole(1, 90, 'days'),
});
export type AlertSettings = z.infer<typeof AlertSettings>;

/** What an agent may take of its host before the console says so. */
export const FootprintLimits = AlertSettings.pick({ cpuPercent: true, addedLatencyMs: true, storedMegabytes: true });
export type FootprintLimits = z.infer<typeof FootprintLimits>;

/** Who is not to be told of what, until when. At least one of kind, host and zone is set; all that are set must fit. Times are epoch ms. */
export const AlertMute = z.strictObject({
  id: z.number().int().positive(),
  kind: AlertKind.nullable(),
  host: HostId.nullable(),
  zone: z.string().nullable(),
  untilMs: z.number().int(),
  note: z.string(),
  by: z.string(),
  atMs: z.number().int(),
});
export type AlertMute = z.infer<typeof AlertMute>;
