import type { ExportHost } from './export-form.ts';

const VALUE = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;
const KEY = /^[a-z](?:[a-z0-9._-]*[a-z0-9])?$/;

type Labelled = Pick<ExportHost, 'name' | 'labels'>;

/**
 * Why a host cannot be named by its labels; null where it can. Pods are chosen by those labels that a policy names, whatever others they have, so a policy for
 * one host must not choose one that is judged otherwise: policies add up. `others` are the hosts that are judged otherwise, or not at all.
 */
export function labelObstacle({ labels }: Labelled, others: readonly Labelled[]): string | null {
  const own = Object.entries(labels);
  if (own.length === 0) return 'it has no labels, and a policy without labels is for every pod';
  const odd = own.find(([key, value]) => !KEY.test(key) || !VALUE.test(value));
  if (odd !== undefined) return `its label ${odd[0]}=${odd[1]} cannot be a label there`;
  const also = others.find((other) => own.every(([key, value]) => other.labels[key] === value));
  return also === undefined ? null : `its labels choose ${also.name} too, which is judged otherwise`;
}
