import { HostName, IpListName, ZoneName } from '../model/names.ts';
import type { Cidr, Peer } from '../model/peer.ts';
import { parseCidr } from '../net/parse-cidr.ts';
import { collectParsed, failed, failedWith, type Parsed, parsed, type Piece, shiftIssues, splitPieces, trimPiece } from './parsed.ts';
import { parseSelectorPiece, printSelectorSet } from './selector-text.ts';

const FORMS = 'write role=web, zone:NAME, host:NAME, iplist:NAME, a network like 10.0.0.0/8, or any';

/** Reads one end of a rule; the forms are listed at `Peer`. */
export function parsePeer(text: string): Parsed<Peer> {
  const piece = trimPiece({ text, offset: 0 });
  const typed = piece.text;
  if (typed === '') return failed(`nothing was written; ${FORMS}`);
  if (typed === 'any') return parsed({ kind: 'any' });
  const named = /^(zone|host|iplist):(.*)$/.exec(typed);
  if (named) return parseNamed(named[1] ?? '', trimPiece({ text: named[2] ?? '', offset: piece.offset + typed.indexOf(':') + 1 }));
  if (typed.includes('=')) {
    const select = parseSelectorPiece(piece);
    return select.ok ? parsed({ kind: 'selector', select: select.value }) : select;
  }
  return parseCidrs(piece);
}

/** Reads back as the same peer. */
export function printPeer(peer: Peer): string {
  switch (peer.kind) {
    case 'any':
      return 'any';
    case 'selector':
      return printSelectorSet(peer.select);
    case 'zone':
      return `zone:${peer.zone}`;
    case 'host':
      return `host:${peer.host}`;
    case 'iplist':
      return `iplist:${peer.ipList}`;
    case 'cidr':
      return peer.cidrs.join(', ');
  }
}

function parseNamed(kind: string, name: Piece): Parsed<Peer> {
  const schema = kind === 'zone' ? ZoneName : kind === 'host' ? HostName : IpListName;
  const result = schema.safeParse(name.text);
  if (!result.success) return failed(`“${name.text}”: ${result.error.issues[0]?.message ?? 'not a name'}`, name.offset + 1);
  if (kind === 'zone') return parsed({ kind: 'zone', zone: result.data });
  return kind === 'host' ? parsed({ kind: 'host', host: result.data }) : parsed({ kind: 'iplist', ipList: result.data });
}

function parseCidrs(piece: Piece): Parsed<Peer> {
  const cidrs = collectParsed(splitPieces(piece, ',').map(parseCidrPiece));
  return cidrs.ok ? parsed({ kind: 'cidr', cidrs: cidrs.value }) : cidrs;
}

function parseCidrPiece(piece: Piece): Parsed<Cidr> {
  if (!/[.:/]/.test(piece.text) && !/^\d/.test(piece.text)) {
    const guess = HostName.safeParse(piece.text).success ? ` (for a host named so: host:${piece.text})` : '';
    return failed(`“${piece.text}” is not an end of a rule${guess}; ${FORMS}`, piece.offset + 1);
  }
  const cidr = parseCidr(piece.text);
  return cidr.ok ? cidr : failedWith(shiftIssues(cidr.issues, piece.offset));
}
