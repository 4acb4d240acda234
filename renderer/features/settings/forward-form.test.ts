import { expect, test } from 'vitest';
import { emptyForwardForm, readForwardForm } from './forward-form.ts';

const typed = (over: Partial<typeof emptyForwardForm>) => readForwardForm({ ...emptyForwardForm, name: 'siem', ...over }, [{ name: 'other' }]);

test('what was typed for another kind of address is not taken along', () => {
  expect(typed({ target: ' udp://siem ', caPath: '/ca.pem', keyPath: '/key' })).toEqual({ destination: { name: 'siem', target: { kind: 'syslog-udp', host: 'siem', port: 514 }, format: 'ocsf', kinds: ['alert', 'audit', 'flow', 'push'] }, errors: {} });
  expect(typed({ target: 'tls://siem', caPath: ' /ca.pem ', kinds: ['audit'] }).destination).toMatchObject({ target: { caPath: '/ca.pem' }, kinds: ['audit'] });
});

test('each field says what is wrong with it', () => {
  expect(typed({ name: 'other', target: 'siem', kinds: [] })).toEqual({ destination: null, errors: { name: 'there is already a destination “other”', target: expect.stringContaining('is no destination'), kinds: 'choose at least one' } });
  expect(typed({ name: '', target: 'https://hooks.example' }).errors).toEqual({ name: expect.stringContaining('small letters'), keyPath: expect.stringContaining('openssl rand') });
  expect(typed({ target: 'tls://siem', caPath: 'ca.pem' }).errors).toEqual({ caPath: expect.stringContaining('the whole path') });
});
