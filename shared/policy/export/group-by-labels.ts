import type { ExportEntry, ExportGroup, ExportHost, ExportSide } from './export-form.ts';
import type { RefusalBook } from './refusal-book.ts';

/** A group while it is put together. `alike` is the same for hosts that have the same rules, in whatever families. */
export type GroupDraft = Pick<ExportGroup, 'mode' | 'peerTexts' | 'in' | 'out'> & { readonly hosts: ExportHost[]; readonly alike: string };

const VALUE = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;
const KEY = /^[a-z](?:[a-z0-9._-]*[a-z0-9])?$/;

/** Where labels and not addresses say whom a policy is for, hosts that differ in their families alone are one: an entry of a family that a host has not means nothing to it. */
export const mergeFamilies = (drafts: readonly GroupDraft[]): GroupDraft[] =>
  [...Map.groupBy(drafts, ({ alike }) => alike).values()].flatMap((same) => {
    const [first, ...rest] = same;
    if (first === undefined) return [];
    return [rest.reduce((a, b) => ({ ...a, hosts: [...a.hosts, ...b.hosts], in: mergeSides(a.in, b.in), out: mergeSides(a.out, b.out) }), first)];
  });

const mergeSides = (a: ExportSide, b: ExportSide): ExportSide => ({
  ...a,
  spared: mergeEntries(a.spared, b.spared),
  quarantine: mergeEntries(a.quarantine, b.quarantine),
  closed: mergeEntries(a.closed, b.closed),
  locked: mergeEntries(a.locked, b.locked),
  deny: mergeEntries(a.deny, b.deny),
  allow: mergeEntries(a.allow, b.allow),
});

function mergeEntries(a: readonly ExportEntry[], b: readonly ExportEntry[]): ExportEntry[] {
  const keyOf = (entry: ExportEntry) => JSON.stringify(entry, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));
  const known = new Set(a.map(keyOf));
  return [...a, ...b.filter((entry) => !known.has(keyOf(entry)))];
}

/** Without the hosts that their labels do not tell apart from others; `apart` are hosts in no group. */
export const keepSelectable = (groups: readonly GroupDraft[], apart: readonly Labelled[], book: RefusalBook): GroupDraft[] =>
  groups.map((group) => {
    const others = [...groups.filter((one) => one !== group).flatMap(({ hosts }) => hosts), ...apart];
    const hosts = group.hosts.filter((host) => {
      const why = labelObstacle(host, others);
      if (why !== null) book.add({ rule: null, direction: null, effect: 'opens', why }, host.name);
      return why === null;
    });
    return { ...group, hosts };
  });

type Labelled = Pick<ExportHost, 'name' | 'labels'>;

/**
 * Why a host cannot be named by its labels; null where it can. Pods are chosen by those labels that a policy names, whatever others they have, so a policy for
 * one host must not choose one that is judged otherwise: policies add up. `others` are the hosts that are judged otherwise, or not at all, or were left out.
 */
function labelObstacle({ labels }: Labelled, others: readonly Labelled[]): string | null {
  const own = Object.entries(labels);
  if (own.length === 0) return 'it has no labels, and a policy without labels is for every pod';
  const odd = own.find(([key, value]) => !KEY.test(key) || !VALUE.test(value));
  if (odd !== undefined) return `its label ${odd[0]}=${odd[1]} cannot be a label there`;
  const also = others.find((other) => own.every(([key, value]) => other.labels[key] === value));
  return also === undefined ? null : `its labels choose ${also.name} too, which is judged otherwise`;
}
