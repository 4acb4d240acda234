import type { Cidr } from '../../../shared/model/peer.ts';
import { DEFAULT_NAME_DAYS, type IpList } from '../../../shared/model/policy.ts';
import { parseDnsName } from '../../../shared/net/parse-dns-name.ts';
import { collectParsed, failed, type Parsed, parsed } from '../../../shared/text/parsed.ts';
import { issueText } from '../../editors/typed-text.ts';
import { parseNetworks } from './parse-networks.ts';

/** An IP list as it is typed. */
export type IpListForm = { readonly name: string; readonly cidrs: string; readonly names: string; readonly nameDays: string; readonly nameNetworks: string; readonly except: string; readonly note: string };

/** The list that is meant, or null while a field is wrong; `errors` has a sentence for each field that is. `cidrs` are the networks alone, for saying which hosts they match. */
export type ReadIpList = { readonly list: IpList | null; readonly errors: Partial<Record<Exclude<keyof IpListForm, 'name' | 'note'>, string>>; readonly cidrs: readonly Cidr[] };

export const ipListForm = (list: IpList | null): IpListForm => ({
  name: list?.name ?? '',
  cidrs: list?.cidrs.join('\n') ?? '',
  names: list?.names?.join('\n') ?? '',
  nameDays: String(list?.nameDays ?? DEFAULT_NAME_DAYS),
  nameNetworks: list?.nameNetworks?.join('\n') ?? '',
  except: list?.except.join('\n') ?? '',
  note: list?.note ?? '',
});

/** What is about answers to names counts only where there are names; what says the usual thing is left out. */
export function readIpListForm(form: IpListForm): ReadIpList {
  const names = collectParsed(form.names.split(/[\s,]+/).filter((word) => word !== '').map(parseDnsName));
  const hasNames = !names.ok || names.value.length > 0;
  const cidrs = parseNetworks(form.cidrs, { mayBeEmpty: true });
  const isEmpty = !hasNames && cidrs.ok && cidrs.value.length === 0;
  const nameNetworks = parseNetworks(hasNames ? form.nameNetworks : '', { mayBeEmpty: true });
  const nameDays = hasNames ? parseDays(form.nameDays) : parsed(DEFAULT_NAME_DAYS);
  const except = parseNetworks(form.except, { mayBeEmpty: true });
  const fields = { cidrs: isEmpty ? failed('give at least one network or host name; an empty list would match nobody') : cidrs, names, nameDays, nameNetworks, except };
  const errors = Object.fromEntries(Object.entries(fields).flatMap(([field, read]) => (read.ok ? [] : [[field, issueText(read)]])));
  const known = cidrs.ok ? cidrs.value : [];
  if (isEmpty || !cidrs.ok || !names.ok || !nameDays.ok || !nameNetworks.ok || !except.ok) return { list: null, errors, cidrs: known };
  const aboutNames = {
    ...(names.value.length === 0 ? {} : { names: [...new Set(names.value)] }),
    ...(nameDays.value === DEFAULT_NAME_DAYS ? {} : { nameDays: nameDays.value }),
    ...(nameNetworks.value.length === 0 ? {} : { nameNetworks: nameNetworks.value }),
  };
  return { list: { name: form.name, cidrs: cidrs.value, ...aboutNames, except: except.value, note: form.note.trim() }, errors, cidrs: known };
}

function parseDays(text: string): Parsed<number> {
  const days = Number(text.trim());
  return /^\d+$/.test(text.trim()) && days >= 1 && days <= 90 ? parsed(days) : failed('write a number of days from 1 to 90');
}
