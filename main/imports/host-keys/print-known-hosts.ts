/** A host and one whole key of it. */
export type KnownHost = { readonly name: string; readonly address: string; readonly port: number; readonly algorithm: string; readonly publicKey: string };

/** As ssh looks a host up: `host`, or `[host]:port` where the port is another than 22. */
export const lookUpName = (host: string, port: number): string => (port === 22 ? host : `[${host}]:${port}`);

/** Names that would be patterns, or more than one word, are never written: they would vouch for other hosts. */
export const isPrintable = ({ address }: Pick<KnownHost, 'address'>): boolean => /^[A-Za-z0-9.:_%-]+$/.test(address);

/** Lines of known_hosts, in the order given; each names the way in and the host's own name. Ends with a newline where there is any. */
export function printKnownHosts(hosts: readonly KnownHost[]): string {
  return hosts.map(({ name, address, port, algorithm, publicKey }) => `${[...new Set([address, name].map((host) => lookUpName(host, port).toLowerCase()))].join(',')} ${algorithm} ${publicKey}\n`).join('');
}
