import type { FleetHost } from '../../model/host.ts';
import type { Policy, ZoneMode } from '../../model/policy.ts';
import type { TransportProtocol } from '../../model/service.ts';
import type { Family } from '../../net/address.ts';

/** A socket that takes connections from the network. `address` null is each of the host's; else it is one of them. */
export type Listener = {
  readonly protocol: TransportProtocol;
  readonly port: number;
  readonly families: readonly Family[];
  readonly address: string | null;
  readonly process: string | null;
  readonly unit: string | null;
};

/** What a host decides by, and whether it refuses (`enforce`) or only counts. */
export type Runs = { readonly policy: Policy; readonly mode: ZoneMode };

/** A fleet as it stands, or as it would stand: who runs what, and what listens where. */
export type ReachWorld = {
  readonly hosts: readonly FleetHost[];
  readonly nowMs: number;
  /** Null: nothing of ours decides there. One policy is one object, however many hosts run it. */
  readonly runsOn: (host: FleetHost) => Runs | null;
  /** Null: nobody knows what listens there, which is not the same as nothing. */
  readonly listenersOf: (host: FleetHost) => readonly Listener[] | null;
};

/**
 * The policy as it holds back somebody who has taken a host, and has time: he is whichever user and unit a rule names, and waits for its hour. So rules that allow do so at all
 * times and to every sender, and those that deny at some times, or some senders, do not count.
 */
export const asIntruder = (policy: Policy): Policy => ({
  ...policy,
  rules: policy.rules.flatMap((rule) => {
    if (rule.action === 'deny') return rule.as === null && rule.schedule === null ? [rule] : [];
    return [{ ...rule, as: null, schedule: null }];
  }),
});

/** The draft once every zone enforces. Containments stay as they are; hosts in no zone observe. */
export const asEnforced = (policy: Policy): Policy => ({ ...policy, zones: policy.zones.map((zone) => ({ ...zone, mode: 'enforce' })) });
