import { expect, it } from 'vitest';
import { Cidr } from '../../../shared/model/peer.ts';
import { aNamedList } from '../../../shared/policy/testing/a-ledger.ts';
import { ipListForm, readIpListForm } from './ip-list-form.ts';

const empty = ipListForm(null);
const read = (form: Partial<typeof empty>) => readIpListForm({ ...empty, name: 'mirrors', ...form });

it('a list is typed and read back as it is', () => {
  for (const list of [aNamedList(), aNamedList({ cidrs: ['10.0.0.0/8'], nameDays: 3, nameNetworks: [Cidr.parse('10.1.0.0/16')], note: 'apt' })]) expect(readIpListForm(ipListForm(list)).list).toEqual(list);
});

it('names alone are enough, and what is usual is left out', () => {
  expect(read({ names: 'Deb.Example.org., deb.example.org' })).toEqual({ list: aNamedList(), errors: {}, cidrs: [] });
});

it('without names, what is about answers is not read', () => {
  expect(read({ cidrs: '10.0.0.0/8', nameDays: 'x', nameNetworks: 'y' }).list).toEqual({ name: 'mirrors', cidrs: ['10.0.0.0/8'], except: [], note: '' });
});

it('each field says what is wrong with it', () => {
  expect(read({}).errors).toEqual({ cidrs: 'give at least one network or host name; an empty list would match nobody' });
  const { list, errors } = read({ cidrs: '10.0.0.5/8', names: '*.example.org', nameDays: '0', nameNetworks: 'z', except: 'q' });
  expect([list, Object.keys(errors).sort()]).toEqual([null, ['cidrs', 'except', 'nameDays', 'nameNetworks', 'names']]);
  expect(errors.names).toContain('wildcard');
});
