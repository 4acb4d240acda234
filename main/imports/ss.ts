import { readPort } from './read-fields.ts';
import type { RowParser, RowSink, SeenRow } from './seen-row.ts';

const PROTOCOLS = new Set(['tcp', 'udp', 'sctp', 'dccp']);
const OTHER_SOCKETS = /^(?:raw|icmp6?|nl|u_str|u_dgr|u_seq|p_raw|p_dgr|vsock|tipc|xdp|mptcp|\?\?\?)$/;
const STATES = /^(?:LISTEN|UNCONN|ESTAB|SYN-SENT|SYN-RECV|FIN-WAIT-[12]|TIME-WAIT|CLOSE-WAIT|LAST-ACK|CLOSING|CLOSED?|NEW-SYN-RECV|BOUND-INACTIVE)$/;

/**
 * `ss -tun`, better `ss -tuna`: sockets that were open at `atMs`, from the host's own side. Which end provides is known where the same
 * listing shows a listener on the local port, or the connection was just being opened.
 */
export function createSsParser(sink: RowSink, atMs: number): RowParser {
  const listening = new Set<string>();
  return (line) => {
    if (/\bLocal Address:Port\b/.test(line)) return;
    // The process that -p adds comes after the sixth word and is not needed.
    const words = line.trim().split(/\s+/, 6);
    const hasProtocol = PROTOCOLS.has(words[0] ?? '');
    if (OTHER_SOCKETS.test(words[0] ?? '')) return sink.leaveOut('skipped', 'no connection: a socket of another kind than TCP and UDP');
    const [state = '', , , localText = '', peerText = ''] = hasProtocol ? words.slice(1) : words;
    // Without the column (ss -t alone) all are TCP.
    const protocol = hasProtocol ? (words[0] ?? 'tcp') : 'tcp';
    const [local, peer] = [readEnd(localText), readEnd(peerText)];
    if (!STATES.test(state) || local === null || peer === null) return sink.leaveOut('refused', 'not a line of ss -tun (numeric: -n)');
    if (state === 'LISTEN' || state === 'UNCONN' || peer.address === '*') {
      if (listening.size < 65_536) listening.add(`${protocol}/${local.port}`);
      return sink.leaveOut('skipped', 'no connection: a socket that listens');
    }
    const isServer = state === 'SYN-RECV' || state === 'NEW-SYN-RECV' || listening.has(`${protocol}/${local.port}`);
    const [from, to] = isServer ? [peer, local] : [local, peer];
    const order: SeenRow['order'] = isServer || state === 'SYN-SENT' ? 'opened' : 'unsure';
    return sink.take({ from: from.address, fromPort: from.port, to: to.address, toPort: to.port, protocol, order, verdict: 'accepted', answered: state !== 'SYN-SENT', atMs, untilMs: atMs, witness: '' });
  };
}

/** `10.0.0.1:22`, `[fd00::1]:22`, `10.0.0.1%eth0:68`, `*:*`; null for anything else. */
function readEnd(text: string): { address: string; port: number } | null {
  const cut = text.lastIndexOf(':');
  if (cut < 0) return null;
  const address = text.slice(0, cut).replace(/^\[(.*)\]/, '$1');
  const portText = text.slice(cut + 1);
  const port = portText === '*' ? 0 : readPort(portText);
  return address === '' || Number.isNaN(port) ? null : { address, port };
}
