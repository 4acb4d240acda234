import { readFileSync } from 'node:fs';

const LISTENING = '0A';

/** Whether a process in the network namespace of `pid` listens on the port: read from /proc, without a packet sent. */
export function isListening(pid: number, protocol: 'tcp' | 'udp', port: number): boolean {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  return [protocol, `${protocol}6`].some((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .split('\n')
      .some((line) => {
        const [, local = '', , state] = line.trim().split(/\s+/);
        return local.endsWith(`:${hexPort}`) && (protocol === 'udp' || state === LISTENING);
      }),
  );
}

/** Whether the namespace of `pid` has the IPv4 address and an IPv6 address ending in these digits. */
export function hasAddresses(pid: number, ipv4: string, ipv6: string): boolean {
  const tail = ipv6.slice(ipv6.lastIndexOf(':') + 1).padStart(4, '0');
  const ipv6Lines = readFileSync(`/proc/${pid}/net/if_inet6`, 'utf8').split('\n');
  return (
    readFileSync(`/proc/${pid}/net/fib_trie`, 'utf8').includes(`-- ${ipv4}\n`) &&
    ipv6Lines.some((line) => line.startsWith('fd') && line.slice(0, 32).endsWith(tail))
  );
}
