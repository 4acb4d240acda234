import type { FleetHost } from '../model/host.ts';
import type { TransportProtocol } from '../model/service.ts';

export type ServicePort = { readonly protocol: TransportProtocol; readonly port: number };

/** What a rule would let through: every consumer to every provider on every service. */
export type Grant = { readonly consumers: readonly FleetHost[]; readonly providers: readonly FleetHost[]; readonly services: readonly ServicePort[] };

/** `tcp/5432`. */
export const portText = ({ protocol, port }: { readonly protocol: string; readonly port: number }): string => `${protocol}/${port}`;
