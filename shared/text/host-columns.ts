import { COLUMN_MEANINGS, type ColumnChoice, ColumnMeaning } from '../contract/host-imports.ts';
import { LabelKey } from '../model/label.ts';
import { isSecretName } from './secret-name.ts';

/** One column: what it holds, and whether it is left out because no label can be called that, or its head says that it holds secrets. */
export type HostColumn = { readonly head: string; readonly meaning: ColumnMeaning; readonly ignored: boolean };

const OWN: Readonly<Record<string, ColumnMeaning>> = {
  ...{ name: 'name', host: 'name', hostname: 'name', ssh: 'ssh', identity: 'identity', sudo: 'sudo', jump: 'jump', labels: 'labels', note: 'note', notes: 'note', description: 'note' },
  ...{ address: 'addresses', addresses: 'addresses', ip: 'addresses', ips: 'addresses', ip_address: 'addresses', ip_addresses: 'addresses', primary_ip: 'addresses', primary_ip4: 'addresses', primary_ip6: 'addresses' },
};

const keyOf = (head: string): string => head.toLowerCase().replaceAll(/[\s-]+/g, '_');

/** What each column of a list holds: what the person chose for its head, else what the head says. A head that is no name of ours becomes a label where it can be a key. */
export function readColumns(heads: readonly string[], choices: readonly ColumnChoice[]): HostColumn[] {
  const chosen = new Map(choices.map(({ head, meaning }) => [keyOf(head.trim()), meaning]));
  return heads.map((head): HostColumn => {
    const name = keyOf(head);
    if (isSecretName(head)) return { head: name, meaning: '-', ignored: true };
    const choice = chosen.get(name);
    if (choice !== undefined) return { head: name, meaning: choice, ignored: false };
    if (Object.hasOwn(OWN, name)) return { head: name, meaning: OWN[name] ?? '-', ignored: false };
    const label = ColumnMeaning.safeParse(`label:${name}`);
    return LabelKey.safeParse(name).success && label.success ? { head: name, meaning: label.data, ignored: false } : { head: name, meaning: '-', ignored: name !== '' };
  });
}

/** The key of the label that a column makes; null where it makes none. */
export const labelOfColumn = (meaning: ColumnMeaning): string | null => (meaning.startsWith('label:') ? meaning.slice(6) : null);

/** Choices whose head no column has: a typo would else go unseen. */
export const listStrangers = (heads: readonly string[], choices: readonly ColumnChoice[]): string[] => {
  const there = new Set(heads.map(keyOf));
  return choices.map(({ head }) => head).filter((head) => !there.has(keyOf(head.trim())));
};

/** `Device Name=name`, `Site=label:loc`, `Serial=-`. Null where it cannot be read. */
export function parseColumnChoice(text: string): ColumnChoice | null {
  const at = text.lastIndexOf('=');
  const meaning = ColumnMeaning.safeParse(text.slice(at + 1));
  return at < 1 || !meaning.success ? null : { head: text.slice(0, at), meaning: meaning.data };
}

export const COLUMN_MEANING_WORDS = `${COLUMN_MEANINGS.filter((one) => one !== '-').join(', ')}, label:KEY, or - to leave it out`;
