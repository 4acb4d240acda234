import { createLabeller, type HostLabelling } from '../../shared/labels/assign-labels.ts';
import { listPending, type PendingClaim } from '../../shared/labels/edit-labels.ts';
import type { LabelHost } from '../../shared/labels/match-label-rule.ts';
import type { HostId } from '../../shared/model/ids.ts';
import { type HostRecord, listHosts } from '../db/host-store.ts';
import { loadLabelBook } from '../db/label-rule-store.ts';
import type { BackendContext } from './backend-context.ts';
import { canonicalAddress, isReachableAddress } from './host-addresses.ts';

/** The one place where labels enter: those set by hand and those of the label rules, for each of `hosts`. */
export function readLabellings(ctx: BackendContext, hosts: readonly HostRecord[]): Map<HostId, HostLabelling> {
  const { rules, claims } = loadLabelBook(ctx.workspace.read);
  const claimsOf = Map.groupBy(claims, (claim) => claim.host);
  const rulesJson = JSON.stringify(rules);
  const former = labelled.get(ctx.workspace);
  const known = former?.rulesJson === rulesJson ? former.hosts : new Map<HostId, Labelled>();
  labelled.set(ctx.workspace, { rulesJson, hosts: known });
  const label = createLabeller(rules);
  return new Map(
    hosts.map((record) => {
      const host = toLabelHost(record);
      const own = claimsOf.get(host.id) ?? [];
      const key = JSON.stringify([host, own]);
      const found = known.get(host.id);
      const made = found?.key === key ? found : { key, labelling: label(host, own) };
      known.set(host.id, made);
      return [host.id, made.labelling];
    }),
  );
}

type Labelled = { readonly key: string; readonly labelling: HostLabelling };
/** Every call reads the fleet; a host is labelled again only when it, its claims or the rules are others. */
const labelled = new WeakMap<BackendContext['workspace'], { readonly rulesJson: string; readonly hosts: Map<HostId, Labelled> }>();

/** Keys of the labels that rest on what the host itself said; only hosts that have such. */
export function readSaidLabels(ctx: BackendContext): Map<HostId, Set<string>> {
  const labellings = readLabellings(ctx, listHosts(ctx.workspace.read));
  const said = [...labellings].map(([host, { entries }]): [HostId, Set<string>] => [host, new Set(entries.filter(({ source }) => source.kind === 'rule' && source.by === 'host').map(({ key }) => key))]);
  return new Map(said.filter(([, keys]) => keys.size > 0));
}

/** What `hosts` say that nobody has looked at yet. */
export function readWaiting(ctx: BackendContext, hosts: readonly HostRecord[]): PendingClaim[] {
  return listPending(loadLabelBook(ctx.workspace.read), hosts.map(toLabelHost));
}

/** Without what the host says about itself. The address of the SSH login was entered too, whether or not the host calls it its own. */
export function toLabelHost(host: HostRecord): Omit<LabelHost, 'said'> & { said: null } {
  const ssh = host.ssh === null ? null : canonicalAddress(host.ssh.address);
  const byHand = host.addresses.filter(({ source }) => source === 'manual').map(({ address }) => address);
  const entered = ssh === null || !isReachableAddress(ssh) || byHand.includes(ssh) ? byHand : [...byHand, ssh];
  return { id: host.id, name: host.name, isNameSaid: host.carried, labels: host.handLabels, entered, said: null };
}
