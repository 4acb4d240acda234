import { FILE_KEYS } from './policy-file.ts';

/** What stands where something could not be read, so that reading goes on to the next mistake; no issue about it is reported and it is never returned. */
const STAND_INS: Readonly<Record<string, unknown>> = {
  select: 'none=none',
  mode: 'observe',
  action: 'allow',
  from: 'any',
  to: 'any',
  services: 'any',
  entries: 'tcp',
  cidrs: '192.0.2.0/24',
  names: 'stand-in.example.org',
  expect: 'allow',
  service: 'any',
  kind: 'quarantine',
  startsAt: '2027-01-31T18:30:00Z',
  endsAt: '2027-01-31T18:30:00Z',
  reason: 'none',
};

/** Changes `copy` so that what is wrong at the place no longer is: an unknown key goes, as does a key that may be missing; else a stand-in takes the place. */
export function mendAt(copy: unknown, at: readonly (string | number)[], onKey: boolean): void {
  const [section = '', index, key] = at;
  const parent = valueAt(copy, at.slice(0, -1));
  if (onKey) remove(parent, at.at(-1) ?? '');
  else if (section === 'firebreak') put(copy, section, 1);
  else if (index === undefined) remove(copy, section);
  else mendEntry(valueAt(copy, [section]), String(section), index, key);
}

function mendEntry(list: unknown, section: string, index: string | number, key: string | number | undefined): void {
  const whole = new Map(Object.entries({ ...STAND_INS, name: `stand-in-${index}` }).filter(([field]) => FILE_KEYS[section]?.includes(field)));
  const standIn = whole.get(String(key));
  if (key === undefined) put(list, index, Object.fromEntries(whole));
  else if (standIn === undefined) remove(valueAt(list, [index]), key);
  else put(valueAt(list, [index]), key, standIn);
}

/** Undefined where there is nothing. */
export function valueAt(value: unknown, at: readonly PropertyKey[]): unknown {
  return at.reduce((inner: unknown, step): unknown => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, step) : undefined), value);
}

function put(parent: unknown, key: string | number, value: unknown): void {
  if (typeof parent === 'object' && parent !== null) Reflect.set(parent, key, value);
}

function remove(parent: unknown, key: string | number): void {
  if (typeof parent === 'object' && parent !== null) Reflect.deleteProperty(parent, key);
}
