import { expect, test } from 'vitest';
import { parseSshTarget } from './parse-ssh-target.ts';

const message = (text: string) => {
  const result = parseSshTarget(text);
  return result.ok ? null : result.issues[0]?.message;
};

test('a user, a host and a port are read', () => {
  expect(parseSshTarget(' admin@web-1.example:2222 ')).toEqual({ ok: true, value: { user: 'admin', address: 'web-1.example', port: 2222 } });
});

test('the port is 22 when none is written', () => {
  expect(parseSshTarget('root@10.0.0.7')).toEqual({ ok: true, value: { user: 'root', address: '10.0.0.7', port: 22 } });
});

test('an IPv6 address is read bare, and in brackets with a port', () => {
  expect(parseSshTarget('root@2001:db8::7')).toEqual({ ok: true, value: { user: 'root', address: '2001:db8::7', port: 22 } });
  expect(parseSshTarget('root@[2001:db8::7]:2022')).toEqual({ ok: true, value: { user: 'root', address: '2001:db8::7', port: 2022 } });
});

test('what is wrong is said with what to write instead', () => {
  expect(message('')).toContain('USER@HOST');
  expect(message('10.0.0.7')).toContain('names no login user');
  expect(message('1root@10.0.0.7')).toContain('is not a login name');
  expect(message('root@10.0.0.7:70000')).toContain('port 70000 does not exist');
  expect(message('root@web 1')).toContain('is not a host');
});
