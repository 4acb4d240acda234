import type { FleetHost } from '../../shared/model/host.ts';
import { getAddress } from '../../shared/net/address.ts';
import { containsAddress } from '../../shared/net/range-set.ts';
import type { Peer } from '../../shared/model/peer.ts';
import type { ReadinessEvidence } from '../../shared/policy/readiness-evidence.ts';
import { runPolicyTests } from '../../shared/policy/run-policy-tests.ts';
import { SHARED_SERVICES } from '../../shared/policy/shared-services.ts';
import { listPortsInUse } from '../db/flow-ports.ts';
import type { BackendContext } from './backend-context.ts';
import type { CompiledDraft } from './draft-compiled.ts';

/** Whether a host of these is, or can be, an end that the peer means. */
export function touchesHosts(compiled: CompiledDraft, peer: Peer, hosts: readonly FleetHost[]): boolean {
  const { covers } = compiled.resolver().resolvePeer(peer);
  if (covers.kind === 'everyone') return hosts.length > 0;
  if (covers.kind === 'hosts') return hosts.some(({ id }) => covers.ids.has(id));
  return hosts.some(({ addresses }) => addresses.some((address) => containsAddress(covers.ranges, getAddress(address))));
}

/** Runs those tests of the draft that name one of these hosts at either end. */
export function runTestsOf(ctx: BackendContext, compiled: CompiledDraft, members: readonly FleetHost[]): ReadinessEvidence['policyTests'] {
  const tests = compiled.policy.tests.filter((test) => touchesHosts(compiled, test.from, members) || touchesHosts(compiled, test.to, members));
  return runPolicyTests({ ...compiled.policy, tests }, compiled.fleet, { nowMs: ctx.nowMs() });
}

/** What is known by its port to be monitoring or backup, in the direction in which it speaks: an exporter is asked, a backup client sends. */
export function listJobs(ctx: BackendContext, members: readonly FleetHost[]): ReadinessEvidence['jobs'] {
  const services = SHARED_SERVICES.filter(({ kind }) => kind === 'monitoring' || kind === 'backup');
  const ports = services.flatMap((service) => service.ports.map(({ port }) => port));
  const used = listPortsInUse(
    ctx.workspace.read,
    members.map(({ id }) => id),
    ports,
  );
  const seen = (wanted: 'monitoring' | 'backup') =>
    services
      .filter(({ kind, shape, ports: own }) => kind === wanted && own.some(({ protocol, port }) => used.some((use) => use.protocol === protocol && use.port === port && use.direction === (shape === 'fan-out' ? 'in' : 'out'))))
      .map(({ name }) => name)
      .sort();
  return { monitoring: seen('monitoring'), backup: seen('backup') };
}
