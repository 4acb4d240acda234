import { stringify } from 'yaml';
import { isAllPorts } from '../../net/port-set.ts';
import { printCidrs } from '../../net/print-range.ts';
import { WHOLE_FAMILY } from '../../net/range-set.ts';
import type { Abilities } from './abilities.ts';
import type { ExportEntry, ExportFile, ExportGroup, ExportHost, ExportInput, ExportSide } from './export-form.ts';
import { commented, headerLines } from './export-header.ts';

/** Allow rules only, for addresses and ports (NetworkPolicy of networking.k8s.io/v1). */
export const KUBERNETES_ABILITIES: Abilities = {
  deny: false,
  test: false,
  onlyServices: false,
  containments: false,
  schedules: false,
  endsBeforeMs: 0,
  ownAddresses: false,
  byLabels: true,
  obstacle: ({ service }) => {
    if (service.kind === 'icmp') return 'there is no ICMP in a NetworkPolicy';
    return service.kind === 'ports' && !service.ports.some(({ to }) => to > 0) ? 'port 0 is no port there' : null;
  },
};

const USE = [
  'Kubernetes NetworkPolicy. NOT RUN by Firebreak’s tests: no cluster was there, only the official schema. Load it with: kubectl apply -n NAMESPACE -f FILE',
  'Pods are chosen by the labels that the host has here, so give the pods the same. It works only with a network plugin that enforces policies.',
  'Other ends are addresses, also of what runs in the cluster: pods’ addresses change, and some plugins see a node’s address in place of a pod’s.',
  'Always let through by policies: a node’s own traffic to its pods. Not said by them at all: ICMP, which most plugins let through.',
  'Policies add up: another one that chooses the same pods lets through more.',
];

/** One NetworkPolicy for each set of labels, both directions declared, so that what no entry lets through is refused. */
export function printKubernetes(input: ExportInput): ExportFile[] {
  const policies = input.groups.flatMap((group) => selectors(group).map((labels, i) => toPolicy(group, labels, i)));
  const head = commented(headerLines(input, { target: 'kubernetes', use: USE }));
  return [{ suffix: '', text: `${head}${policies.map((policy) => `---\n${stringify(policy, { lineWidth: 0, aliasDuplicateObjects: false })}`).join('')}` }];
}

/** Each set of labels of the group once. */
const selectors = ({ hosts }: ExportGroup): ExportHost['labels'][] => [...new Map(hosts.map(({ labels }) => [labelKey(labels), labels])).values()];

const labelKey = (labels: ExportHost['labels']): string => JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));

function toPolicy(group: ExportGroup, labels: ExportHost['labels'], i: number) {
  const isOutRefused = group.out.otherwise.kind === 'refuse';
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: `firebreak-${group.number}-${i + 1}`, labels: { 'app.kubernetes.io/managed-by': 'firebreak' } },
    spec: {
      podSelector: { matchLabels: { ...labels } },
      policyTypes: isOutRefused ? ['Ingress', 'Egress'] : ['Ingress'],
      ingress: rulesOf(group.in).map(({ peers, ports }) => ({ ...(peers && { from: peers }), ...(ports && { ports }) })),
      ...(isOutRefused ? { egress: rulesOf(group.out).map(({ peers, ports }) => ({ ...(peers && { to: peers }), ...(ports && { ports }) })) } : {}),
    },
  };
}

/** What is locked open on hosts and can be said here: SSH from consoles, DNS and NTP to the servers in use. */
const SAYABLE: readonly ExportEntry['id'][] = ['management', 'resolvers', 'time-servers'];
const isSayable = (entry: ExportEntry): boolean => SAYABLE.includes(entry.id) && !(entry.service.kind === 'ports' && entry.service.sourcePort !== null);

const rulesOf = (side: ExportSide) => [...side.locked.filter(isSayable), ...side.allow].map((entry) => ({ peers: toPeers(entry), ports: toPorts(entry) }));

/** Never an empty list, which would mean anybody. */
function toPeers({ peers, family }: ExportEntry): { ipBlock: { cidr: string } }[] {
  const ranges = peers.kind === 'any' ? [WHOLE_FAMILY[family]] : peers.ranges;
  return ranges.flatMap(printCidrs).map((cidr) => ({ ipBlock: { cidr: cidr.includes('/') ? cidr : `${cidr}/${family === 4 ? 32 : 128}` } }));
}

/** Null is every protocol and port. Port 0, on which nobody can listen, does not exist there. */
function toPorts({ service }: ExportEntry): { protocol: string; port?: number; endPort?: number }[] | null {
  if (service.kind !== 'ports') return null;
  const protocol = service.protocol.toUpperCase();
  if (isAllPorts(service.ports)) return [{ protocol }];
  return service.ports.filter(({ to }) => to > 0).map(({ from, to }) => ({ protocol, port: Math.max(from, 1), ...(to > Math.max(from, 1) ? { endPort: to } : {}) }));
}
