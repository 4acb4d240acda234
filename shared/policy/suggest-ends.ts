import type { FleetHost } from '../model/host.ts';
import type { Peer } from '../model/peer.ts';

/**
 * The ends of a suggested rule. Within one app each side is its role; across apps the consumer is its whole app and the provider its role, because
 * what is offered is narrow and who uses it changes. `env` always stays: a rule for production must not open development. Without app and role: hosts.
 */
export function describePair(consumer: FleetHost, provider: FleetHost): { readonly from: Peer; readonly to: Peer } {
  const isOneApp = consumer.labels.app !== undefined && consumer.labels.app === provider.labels.app;
  return { from: describeEnd(consumer, isOneApp ? ['app', 'role'] : ['app']), to: describeEnd(provider, ['app', 'role']) };
}

/** The wanted labels that the host has, and its env; a host with neither app nor role is named. */
function describeEnd(host: FleetHost, wanted: readonly ('app' | 'role')[]): Peer {
  const keys = wanted.filter((key) => host.labels[key] !== undefined);
  const known = keys.length > 0 ? keys : (['role'] as const).filter((key) => host.labels[key] !== undefined);
  if (known.length === 0) return { kind: 'host', host: host.name };
  const terms = [...known, ...(['env'] as const)].flatMap((key) => {
    const value = host.labels[key];
    return value === undefined ? [] : [{ key, op: '=' as const, values: [value] }];
  });
  return { kind: 'selector', select: { include: [{ terms }], exclude: [] } };
}
