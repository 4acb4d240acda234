/** How the objects of a policy file are called, and what their keys want to hear. Keys that are not here are told apart by their type only. */
const THINGS: Readonly<Record<string, string>> = { zones: 'a zone', rules: 'a rule', services: 'a service', ipLists: 'an IP list', tests: 'a policy test', containments: 'a containment' };

const FORMS: Readonly<Record<string, string>> = {
  name: 'write a name, such as front',
  select: 'write whom it is for, such as role=web,env=prod',
  mode: 'write observe, test or enforce',
  outbound: 'write open or restricted',
  onlyServices: 'write a list such as [tcp/22, tcp/3389], or leave the key out for every service',
  id: 'write the id of a rule of this policy, or leave the key out of a new rule',
  action: 'write allow or deny',
  disabled: 'write true, or leave the key out of a rule that counts',
  expect: 'write allow or deny',
  from: 'write who connects: role=web, zone:NAME, host:NAME, iplist:NAME, a network like 10.0.0.0/8, or any',
  to: 'write who is connected to: role=db, zone:NAME, host:NAME, iplist:NAME, a network like 10.0.0.0/8, or any',
  services: 'write a list such as [tcp/443], or any',
  service: 'write one service, such as tcp/443 or any',
  entries: 'write a list such as [tcp/80, tcp/443]',
  cidrs: 'write a list of networks, such as [10.0.0.0/8]',
  names: 'write a list of host names, such as [deb.debian.org]',
  nameDays: 'write how many days an answer counts, from 1 to 90, or leave the key out for 7',
  nameNetworks: 'write a list of networks, such as [10.20.0.0/16], or leave the key out',
  except: 'write a list of networks, such as [10.1.0.0/16], or leave the key out',
  as: 'write user:NAME, group:NAME or unit:NAME.service, or leave the key out',
  servedBy: 'write the full name of a service, like postgresql.service, or leave the key out',
  schedule: 'write days, hours and a time zone, such as Mon-Fri 08:00-18:00 Europe/Berlin, or leave the key out',
  reviewOn: 'write a date, such as 2027-01-31, or leave the key out',
  kind: 'write quarantine or close',
  host: 'write the name of the host',
  zone: 'write the name of the zone',
  startsAt: 'write an instant in UTC, such as 2027-01-31T18:30:00Z',
  endsAt: 'write an instant in UTC, such as 2027-01-31T18:30:00Z',
  by: 'write who ordered it',
  reason: 'write why',
  expiresOn: 'write a date, such as 2027-01-31, or leave the key out',
};

export const thingOf = (section: string): string => THINGS[section] ?? 'an entry';

export const formOf = (key: string): string => FORMS[key] ?? 'write a text, or leave the key out';

/** What a YAML value is, in words. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a group of keys';
  return typeof value === 'string' ? 'a text' : `a ${typeof value} (${String(value)})`;
}
