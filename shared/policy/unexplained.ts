import type { FlowFold } from './fold-flows.ts';

/** Why no rule is suggested: `why`, or that the other end is no host of the workspace. */
export type Reason = { readonly kind: 'stranger' } | { readonly kind: 'other'; readonly why: string };

/** What no rule explains and none is suggested for. */
export type Unexplained = {
  readonly add: (fold: FlowFold, reason: Reason) => void;
  /** One sentence a reason with its connections, most first. */
  readonly texts: () => string[];
  readonly connections: () => number;
};

type Line = { readonly fold: FlowFold; readonly reason: Reason; readonly byAddress: Map<string, number> };
type Told = { readonly text: string; readonly connections: number };

/** So many unknown addresses are named one by one; more of them at one service are customers, and one line. */
const NAMED_STRANGERS = 3;

/** Collects flows by how they are told: unknown addresses that use the same service of the same host are one line, and so are those of one IP list. */
export function createUnexplained(): Unexplained {
  const lines = new Map<string, Line>();
  return {
    add: (fold, reason) => {
      const { flow } = fold;
      const peer = reason.kind === 'stranger' ? (listNameOf(fold) ?? '') : flow.peerName;
      const key = `${flow.reporter} ${flow.direction} ${peer} ${flow.protocol} ${flow.port} ${reason.kind === 'other' ? reason.why : ''}`;
      const line = lines.get(key) ?? { fold, reason, byAddress: new Map<string, number>() };
      if (line.byAddress.size === 0) lines.set(key, line);
      line.byAddress.set(flow.peerAddress, (line.byAddress.get(flow.peerAddress) ?? 0) + fold.connections);
    },
    texts: () => mergeEqual([...lines.values()].flatMap(tell)).map(({ text, connections }) => `${text} (${connections} connection${connections === 1 ? '' : 's'})`),
    connections: () => [...lines.values()].reduce((sum, { byAddress }) => sum + sumOf(byAddress), 0),
  };
}

/** Both ends' reports of one conversation are told in the same words. */
function mergeEqual(told: readonly Told[]): Told[] {
  const sums = new Map<string, number>();
  for (const { text, connections } of told) sums.set(text, (sums.get(text) ?? 0) + connections);
  return [...sums].map(([text, connections]) => ({ text, connections })).sort((a, b) => b.connections - a.connections || (a.text < b.text ? -1 : 1));
}

function tell({ fold, reason, byAddress }: Line): Told[] {
  if (reason.kind === 'other') return [{ text: `${describe(fold, fold.flow.peerName)}: ${reason.why}`, connections: sumOf(byAddress) }];
  const list = listNameOf(fold);
  if (list !== null) return [{ text: `${describe(fold, list)}: ${list} is an IP list; write a rule for iplist:${list}`, connections: sumOf(byAddress) }];
  if (byAddress.size <= NAMED_STRANGERS) {
    const why = 'is no host of this workspace; add it as an unmanaged host, or write a rule for an IP list';
    return [...byAddress].map(([address, connections]) => ({ text: `${describe(fold, address)}: ${address} ${why}`, connections }));
  }
  const examples = [...byAddress.keys()].sort().slice(0, 2).join(', ');
  const many = `${byAddress.size} addresses (${examples} …)`;
  return [{ text: `${describe(fold, many)}: they are no hosts of this workspace; write a rule for an IP list, or for any`, connections: sumOf(byAddress) }];
}

/** The IP list that an unknown address is in: a peer that is no host has its list's name, else its address. */
const listNameOf = ({ flow }: FlowFold): string | null => (flow.peerName === flow.peerAddress ? null : flow.peerName);

const sumOf = (byAddress: ReadonlyMap<string, number>): number => [...byAddress.values()].reduce((sum, one) => sum + one, 0);

function describe({ flow }: FlowFold, peer: string): string {
  const [from, to] = flow.direction === 'in' ? [peer, flow.reporterName] : [flow.reporterName, peer];
  return `${from} → ${to} ${flow.protocol}${flow.port === 0 ? '' : `/${flow.port}`}`;
}
