import type { ImportFormat } from '../../shared/model/flow-source.ts';

const VPC_LINE = /^\d+ \S+ (?:eni-\S+|-) \S+ \S+ /;
const CONNTRACK_LINE = /^(?:ipv[46]\s+\d+\s+)?[a-z0-9]+\s+\d+\s+(?:\d+\s+)?(?:\[?[A-Z_]+\]?\s+)?src=/;
const SS_LINE = /^(?:(?:tcp|udp|sctp|dccp|icmp6?|raw)\s+)?(?:LISTEN|UNCONN|ESTAB|SYN-SENT|SYN-RECV|FIN-WAIT-\d|TIME-WAIT|CLOSE-WAIT|LAST-ACK|CLOSING)\s+\d+\s+\d+\s/;

/** Which format the beginning of a file is in, by its first lines that say so; null for none that is known. */
export function detectFormat(head: string): ImportFormat | null {
  const text = head.replace(/^\u00ef\u00bb\u00bf/, '').trimStart();
  if (/"(?:flowTuples|flowRecords)"|^\{\s*"records"\s*:/.test(text)) return 'azure';
  for (const line of text.split('\n', 50)) {
    const format = detectLine(line.trimEnd());
    if (format !== null) return format;
  }
  return null;
}

function detectLine(line: string): ImportFormat | null {
  if (line.startsWith('{')) {
    if (/"event_type"\s*:/.test(line)) return 'suricata';
    return /"id[._]orig_h"\s*:|"orig_h"\s*:/.test(line) ? 'zeek' : null;
  }
  if (/^#(?:separator|fields|path)\b/.test(line)) return 'zeek';
  if (/^(?:ts,te,td,|firstSeen,)/.test(line)) return 'nfdump';
  if (/(?:^|\s)(?:pkt-)?srcaddr(?:\s|$)/.test(line) || VPC_LINE.test(line)) return 'vpc';
  if (CONNTRACK_LINE.test(line)) return 'conntrack';
  return SS_LINE.test(line) || /\bLocal Address:Port\b/.test(line) ? 'ss' : null;
}
