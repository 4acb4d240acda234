/** What a port must do for the whole of a phase: every probe comes through, none does, or each may do either (while rules change). */
export type Lets = 'all' | 'none' | 'either';
export type Port = 'always' | 'old' | 'fresh' | 'never';
export type Phase = { readonly name: string; readonly fromNs: bigint; readonly toNs: bigint; readonly lets: Readonly<Record<Port, Lets>> };
export type Probe = { readonly port: Port; readonly sentNs: bigint; readonly received: boolean };

/**
 * What is wrong, in words; empty when every phase let through what it must. A phase in which a judged port sent nothing proves nothing and is
 * wrong too. Probes between phases are not judged.
 */
export function judgePhases(probes: readonly Probe[], phases: readonly Phase[]): string[] {
  return phases.flatMap((phase) => {
    const within = probes.filter(({ sentNs }) => sentNs >= phase.fromNs && sentNs < phase.toNs);
    return (['always', 'old', 'fresh', 'never'] as const).flatMap((port) => {
      const lets = phase.lets[port];
      const sent = within.filter((probe) => probe.port === port);
      const received = sent.filter((probe) => probe.received).length;
      if (lets === 'either') return [];
      if (sent.length === 0) return [`${phase.name}: no probe was sent to port “${port}”`];
      if (lets === 'all' && received < sent.length) return [`${phase.name}: ${sent.length - received} of ${sent.length} probes to port “${port}” were lost`];
      if (lets === 'none' && received > 0) return [`${phase.name}: ${received} of ${sent.length} probes to port “${port}” came through, ${spanOf(phase, sent)}`];
      return [];
    });
  });
}

/** When the first and the last came through, and how long the phase was. */
function spanOf(phase: Phase, sent: readonly Probe[]): string {
  const [first = 0n, last = 0n] = [sent.find(({ received }) => received), sent.findLast(({ received }) => received)].map((probe) => (probe ? probe.sentNs - phase.fromNs : 0n));
  return `from ${first / 1_000_000n} to ${last / 1_000_000n} ms of ${(phase.toNs - phase.fromNs) / 1_000_000n}`;
}
