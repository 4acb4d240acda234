import { expect, test } from 'vitest';
import { EMPTY_HOST_FORM, readHostForm } from './add-host-form.ts';

test('a managed host needs a name and a login; both are asked for at once', () => {
  const { host, errors } = readHostForm(EMPTY_HOST_FORM, []);
  expect(host).toBeNull();
  expect(errors.name).toContain('give the host a name');
  expect(errors.target).toContain('USER@HOST');
});

test('a managed host is read with its identity, labels and no jump host', () => {
  const { host } = readHostForm(
    { ...EMPTY_HOST_FORM, name: 'web-1', target: 'ops@10.0.0.7', identity: 'key-file', keyPath: ' ~/.ssh/id ', labels: 'role=web, app=shop' },
    [],
  );
  expect(host).toEqual({
    name: 'web-1',
    ssh: { user: 'ops', address: '10.0.0.7', port: 22, identity: { kind: 'key-file', keyPath: '~/.ssh/id' }, sudo: 'nopasswd', jump: null },
    addresses: [],
    labels: { role: 'web', app: 'shop' },
    note: '',
  });
});

test('a key file without a path is refused, an agent needs none', () => {
  const form = { ...EMPTY_HOST_FORM, name: 'web-1', target: 'ops@10.0.0.7' };
  expect(readHostForm({ ...form, identity: 'key-file' }, []).errors.keyPath).toContain('path of a private key');
  expect(readHostForm({ ...form, identity: 'agent' }, []).errors.keyPath).toBeNull();
});

test('an unmanaged host needs single addresses', () => {
  const form = { ...EMPTY_HOST_FORM, kind: 'unmanaged' as const, name: 'nas' };
  expect(readHostForm(form, []).errors.addresses).toContain('at least one address');
  expect(readHostForm({ ...form, addresses: '10.0.0.0/24' }, []).errors.addresses).toContain('is a network');
  expect(readHostForm({ ...form, addresses: '10.0.0.9, 2001:db8::9' }, []).host).toMatchObject({ ssh: null, addresses: ['10.0.0.9', '2001:db8::9'] });
});
