import { expect, it } from 'vitest';
import { IpListName, ServiceName } from '../../../shared/model/names.ts';
import { objectNameError } from './object-name.ts';

const service = (name: string) => objectNameError('service', name, ServiceName, [{ name: 'pg' }]);

it('a new name is good; one that is taken, empty, a protocol or no name is not', () => {
  expect([service('web'), service('pg'), service(''), service('tcp'), service('80'), service('a b')]).toEqual([
    null,
    'there is a service “pg” already; edit that one, or choose another name',
    'give the service a name',
    expect.stringContaining('means a protocol or a port'),
    expect.stringContaining('means a protocol or a port'),
    expect.stringContaining('a service name starts with'),
  ]);
});

it('an IP list may be called like a protocol', () => {
  expect(objectNameError('IP list', 'tcp', IpListName, [])).toBeNull();
});
