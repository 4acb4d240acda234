import { expect, test } from 'vitest';
import { parseForwardTarget, printForwardTarget } from './forward-target-text.ts';

test.each([
  ['udp://siem', {}, { kind: 'syslog-udp', host: 'siem', port: 514 }, 'udp://siem:514'],
  ['tcp://10.0.0.1:601', {}, { kind: 'syslog-tcp', host: '10.0.0.1', port: 601 }, 'tcp://10.0.0.1:601'],
  ['tls://[fd00::1]', { caPath: '/ca.pem' }, { kind: 'syslog-tls', host: 'fd00::1', port: 6514, caPath: '/ca.pem' }, 'tls://[fd00::1]:6514'],
  ['file:///var/log/fb.jsonl', { rotateMegabytes: 1, keepFiles: 2 }, { kind: 'file', path: '/var/log/fb.jsonl', rotateMegabytes: 1, keepFiles: 2 }, 'file:///var/log/fb.jsonl'],
  ['https://hooks.example/a?b', { keyPath: '/key' }, { kind: 'webhook', url: 'https://hooks.example/a?b', keyPath: '/key', caPath: null }, 'https://hooks.example/a?b'],
] as const)('%s is read, and printed again', (text, extras, target, printed) => {
  expect(parseForwardTarget(text, extras)).toEqual({ ok: true, value: target });
  expect(printForwardTarget(target)).toBe(printed);
});

test.each([
  ['http://hooks.example', { keyPath: '/key' }, 'is no destination'],
  ['https://ada:secret@hooks.example', { keyPath: '/key' }, 'without a user'],
  ['https://hooks.example', {}, 'needs a file with the key'],
  ['tcp://siem:99999', {}, '65535'],
  ['udp://siem', { caPath: '/ca.pem' }, 'syslog without TLS takes no file of authorities'],
  ['tls://siem', { keyPath: '/key' }, 'syslog takes no key'],
  ['file:///a', { caPath: '/ca.pem' }, 'a file takes no file of authorities'],
  ['file://relative', {}, 'the whole path'],
  ['https://x', { keyPath: '/key', keepFiles: 3 }, 'a webhook takes no number of files'],
  ['', {}, 'is no destination'],
])('%s with %j is refused', (text, extras, message) => {
  const parsed = parseForwardTarget(text, extras);
  expect(parsed.ok ? '' : parsed.issues.map((issue) => issue.message).join()).toContain(message);
});
