import { expect, test } from 'vitest';
import { EMPTY_IMPORT, readImportForm, readLabelSources } from './import-form.ts';

test.each([
  ['csv', {}, null],
  ['csv', { text: 'name,ip\n', columns: [{ head: 'ip', meaning: 'addresses' as const }] }, { kind: 'csv', text: 'name,ip\n', fileName: 'hosts.csv', columns: [{ head: 'ip', meaning: 'addresses' }] }],
  ['ssh-config', {}, null],
  ['ssh-config', { sshPath: '~/.ssh/config' }, { kind: 'ssh-config', paths: ['~/.ssh/config'] }],
  ['ansible', { inventoryPath: '/i', labelSources: 'nonsense' }, null],
  ['ansible', { inventoryPath: '/i', labelSources: '\nenv=var:stage\n', user: 'ops' }, { kind: 'ansible', paths: ['/i'], labels: [{ kind: 'variable', key: 'env', name: 'stage' }], user: 'ops' }],
  ['probe', { network: '10.0.0.0/24' }, null],
  ['probe', { network: '10.0.0.0/24', found: [{ name: 'a', address: '10.0.0.1', port: 22 }] }, { kind: 'probe', network: '10.0.0.0/24', found: [{ name: 'a', address: '10.0.0.1', port: 22 }], user: 'root' }],
] as const)('%s with %j is read when all of it is there', (kind, fields, expected) => {
  expect(readImportForm({ ...EMPTY_IMPORT, kind, ...fields })).toEqual(expected);
});

test('the first line that is no source of a label is told', () => {
  expect(readLabelSources('env=var:a\nrole=group:*_x_*\nbad')).toEqual({ sources: [{ kind: 'variable', key: 'env', name: 'a' }], error: expect.stringContaining('more than one *') });
});
